import { createServer, type ServerResponse } from 'node:http'
import { DynotuneError } from '../errors.ts'
import type { RunningWorker } from './worker.ts'

export interface StatusServer {
  /** The one it listens on. */
  readonly port: number
  close(): Promise<void>
}

type Observed = Pick<RunningWorker, 'slots' | 'counts' | 'record' | 'state'>

const REASONS = {
  leaving: 'is leaving and takes no more trials',
  disconnected: 'has no connection to Redis',
}

/**
 * Says over HTTP how a worker is, to this machine only: `GET /healthz` answers 200 while it takes trials, else 503 with the
 * reason; `GET /metrics` is text for Prometheus.
 * @param options.port 0 takes a free one
 * @throws DynotuneError `option.invalid` where that port cannot be had
 */
export function serveStatus(worker: Observed, { port }: { readonly port: number }): Promise<StatusServer> {
  const server = createServer(({ method, url = '' }, response) => {
    const path = url.split('?', 1)[0]
    const find = path === '/healthz' ? health : path === '/metrics' ? metrics : undefined
    if (!find) answer(response, 404, 'there are /healthz and /metrics\n')
    else if (method !== 'GET' && method !== 'HEAD') answer(response.setHeader('allow', 'GET, HEAD'), 405, '')
    else find(response)
  })

  function health(response: ServerResponse): void {
    const state = worker.state()
    if (state === 'taking') answer(response, 200, 'ok\n')
    else answer(response, 503, `${REASONS[state]}\n`)
  }

  const metrics = (response: ServerResponse) => answer(response, 200, metricsText(worker))

  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(noPort(port, cause)))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text)
}

/** In the text format of Prometheus, version 0.0.4. */
export function metricsText({ slots, counts, record }: Pick<Observed, 'slots' | 'counts' | 'record'>): string {
  const { running, finished, lost, refused } = counts()
  const { name, classes, version, engine } = record()
  const info = labelsText({ name, class: classes.join(','), version, engine })
  return [
    ...metric('slots', 'gauge', 'Trials that it can run at once.', [['', slots]]),
    ...metric('busy_slots', 'gauge', 'Trials that it runs.', [['', running]]),
    ...metric(
      'trials_total',
      'counter',
      'Trials since it began, by what came of them.',
      Object.entries({ finished, lost, refused }).map(([outcome, count]) => [labelsText({ outcome }), count]),
    ),
    ...metric('info', 'gauge', 'What it is; always 1.', [[info, 1]]),
    '',
  ].join('\n')
}

type Sample = readonly [labels: string, value: number]

function metric(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  const full = `dynotune_worker_${name}`
  return [
    `# HELP ${full} ${help}`,
    `# TYPE ${full} ${type}`,
    ...samples.map(([labels, value]) => `${full}${labels} ${value}`),
  ]
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  )
  return `{${written.join(',')}}`
}

function noPort(port: number, cause: Error): DynotuneError {
  return new DynotuneError('option.invalid', `Nothing can listen on this port: ${cause.message}.`, {
    path: '--http',
    value: port,
    remedy: 'name another port, or 0 for a free one',
  })
}
