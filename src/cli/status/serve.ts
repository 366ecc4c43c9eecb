import { createServer, type ServerResponse } from 'node:http'
import { DynotuneError } from '../../errors.ts'

export interface StatusServer {
  /** The one it listens on. */
  readonly port: number
  close(): Promise<void>
}

/** Who answers. */
export interface Observed {
  /** What is wrong, in a line; undefined while all is well. */
  trouble(): string | undefined
  /** In the text format of Prometheus, version 0.0.4. */
  metrics(): string
}

/**
 * Says over HTTP how a process is, to this machine only: `GET /healthz` answers 200 while all is well, else 503 with the
 * reason; `GET /metrics` is text for Prometheus.
 * @param options.port 0 takes a free one
 * @throws DynotuneError `option.invalid` where that port cannot be had
 */
export function serveStatus(observed: Observed, { port }: { readonly port: number }): Promise<StatusServer> {
  const server = createServer(({ method, url = '' }, response) => {
    const path = url.split('?', 1)[0]
    const find = path === '/healthz' ? health : path === '/metrics' ? metrics : undefined
    if (!find) answer(response, 404, 'there are /healthz and /metrics\n')
    else if (method !== 'GET' && method !== 'HEAD') answer(response.setHeader('allow', 'GET, HEAD'), 405, '')
    else find(response)
  })

  function health(response: ServerResponse): void {
    const trouble = observed.trouble()
    if (trouble === undefined) answer(response, 200, 'ok\n')
    else answer(response, 503, `${trouble}\n`)
  }

  const metrics = (response: ServerResponse) => answer(response, 200, observed.metrics())

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

function noPort(port: number, cause: Error): DynotuneError {
  return new DynotuneError('option.invalid', `Nothing can listen on this port: ${cause.message}.`, {
    path: '--http',
    value: port,
    remedy: 'name another port, or 0 for a free one',
  })
}
