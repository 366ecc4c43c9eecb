import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { prunerNamed } from '../pruners/registry.ts'
import { formatNumber, formatSeconds } from '../report/format.ts'
import { checkReportFolder, writeReport } from '../report/report.ts'
import { readSecret } from '../runner/signature.ts'
import { importStudy } from '../runner/study-module.ts'
import { samplerNamed } from '../samplers/registry.ts'
import { openRun, type RunOptions, type StudyRun } from '../scheduler/run-study.ts'
import type { RunSummary } from '../scheduler/scheduler.ts'
import { openStore } from '../store/store.ts'
import type { EngineName } from '../study/engine.ts'
import { toJson } from '../study/json.ts'
import { studyLabel } from '../study/record.ts'
import type { Study } from '../study/study.ts'
import { countStates } from '../study/view.ts'
import { EXIT } from './exit.ts'
import { duration, keyPart, redisUrl, wholeNumber, wholeNumbers } from './options.ts'
import { observeRun } from './status/run.ts'
import { type StatusServer, serveStatus } from './status/serve.ts'
import { reportFolder } from './stored.ts'
import { createView } from './views/create.ts'

export interface RunArguments {
  readonly study: string
  readonly trials: string | undefined
  readonly parallel: string | undefined
  readonly reproducible: boolean | undefined
  readonly seed: string | undefined
  readonly engine: EngineName | undefined
  readonly devices: string | undefined
  readonly sampler: string | undefined
  readonly pruner: string | undefined
  readonly timeout: string | undefined
  readonly redis: string | undefined
  readonly class: string | undefined
  readonly weight: string | undefined
  readonly priority: string | undefined
  readonly prefix: string
  readonly http: string | undefined
  readonly db: string
  readonly out: string
  readonly 'any-engine-version': boolean
  readonly fresh: boolean
  readonly json: boolean
}

/** `dynotune run`: from a study file to a report. Returns the exit code. */
export async function runCommand(args: RunArguments): Promise<number> {
  const module = pathToFileURL(resolve(args.study)).href
  const study = await importStudy(module)
  const devices = wholeNumbers('--devices', args.devices)
  const options = {
    overrides: overridesOf(args, study, devices),
    ...(devices && { devices }),
    anyEngineVersion: args['any-engine-version'],
    fresh: args.fresh,
  }
  const store = openStore(args.db)
  try {
    return await conduct(args, { study, module, store, ...options })
  } finally {
    store.close()
  }
}

/** What says where and how a run is shown and reported, and which workers it uses. */
export type ConductArguments = Pick<
  RunArguments,
  'redis' | 'class' | 'weight' | 'priority' | 'prefix' | 'http' | 'out' | 'json'
>

/** Runs a study to its report, watched and interrupted from the terminal. Returns the exit code. */
export async function conduct(args: ConductArguments, options: RunOptions): Promise<number> {
  const { study, store } = options
  const weight = wholeNumber('--weight', args.weight, 1)
  const priority = wholeNumber('--priority', args.priority, 0)
  const port = wholeNumber('--http', args.http, 0, 65_535)
  const began = performance.now()
  const observer = port === undefined ? undefined : observeRun()
  let status: StatusServer | undefined
  let releaseSignals = () => {}
  try {
    const folder = checkFolder(args.out, options)
    const view = createView(args.json, study.definition)
    if (observer && port !== undefined) status = await serveStatus(observer, { port })
    const run = openRun({
      ...options,
      ...(args.redis !== undefined && {
        redis: {
          url: redisUrl(args.redis),
          prefix: keyPart('--prefix', args.prefix),
          ...(args.class !== undefined && { resourceClass: keyPart('--class', args.class) }),
          secret: readSecret(),
          ...(observer && { onLoad: observer.load }),
          ...(weight !== undefined && { weight }),
          ...(priority !== undefined && { priority }),
        },
      }),
      onProgress(progress) {
        view.progress(progress)
        observer?.progress(progress)
      },
      ...(observer && { onLag: observer.lag }),
    })
    observer?.begin(run)
    view.begin(run)
    if (status) view.say(`/healthz and /metrics: http://127.0.0.1:${status.port}`)
    releaseSignals = handleSignals(run, (text) => view.say(text))
    let summary: RunSummary
    try {
      summary = await run.run()
    } finally {
      view.end()
    }
    const archive = store.archive(store.findStudy(run.record.name, run.record.number) ?? run.record)
    const { readme } = await writeReport(archive, folder)
    const seconds = (performance.now() - began) / 1000
    console.log(args.json ? summaryJson(run, summary, readme, seconds) : summaryText(run, summary, readme, seconds))
    if (summary.interrupted) return EXIT.interrupted
    return summary.best ? EXIT.done : EXIT.failed
  } finally {
    releaseSignals()
    observer?.end()
    await status?.close()
  }
}

function overridesOf(
  args: RunArguments,
  { definition }: Study,
  devices: readonly number[] | undefined,
): NonNullable<RunOptions['overrides']> {
  const { engine, sampler, pruner } = args
  const trials = wholeNumber('--trials', args.trials, 1)
  const parallel = wholeNumber('--parallel', args.parallel, 1) ?? definition.parallel ?? devices?.length
  const seed = wholeNumber('--seed', args.seed, 0)
  const time = duration('--timeout', args.timeout)
  if (sampler !== undefined) samplerNamed(sampler)
  if (pruner !== undefined) prunerNamed(pruner)
  return {
    budget: { ...definition.budget, ...(trials !== undefined && { trials }), ...(time !== undefined && { time }) },
    ...(parallel !== undefined && { parallel }),
    ...(seed !== undefined && { seed }),
    ...(args.reproducible !== undefined && { reproducible: args.reproducible }),
    ...(engine !== undefined && { engine }),
    ...(sampler !== undefined && { sampler }),
    ...(pruner !== undefined && { pruner }),
  }
}

/** Whether the report can be written is found out before hours of training, not after. */
function checkFolder(out: string, { study, store, record, fresh }: RunOptions): string {
  const { name } = study.definition
  const earlier = (record ?? store.findStudy(name))?.number ?? 0
  const folder = reportFolder(out, { name, number: Math.max(1, fresh ? earlier + 1 : earlier) })
  checkReportFolder(folder)
  return folder
}

/** First Ctrl-C: finish what runs. Second, or SIGTERM: stop now. */
function handleSignals({ scheduler }: StudyRun, say: (text: string) => void): () => void {
  let interrupts = 0
  const onInterrupt = () => {
    interrupts++
    if (interrupts === 1) {
      say('Finishing the running trials; Ctrl-C again stops at once.')
      scheduler.finish()
    } else {
      onTerminate()
    }
  }
  const onTerminate = () => {
    say('Stopping. What has finished is kept; the rest runs again next time.')
    scheduler.stop()
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onTerminate)
  return () => {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onTerminate)
  }
}

function summaryText(
  { record, definition, sourceChanged }: StudyRun,
  summary: RunSummary,
  readme: string,
  seconds: number,
): string {
  const { best, test, interrupted } = summary
  const states = Object.entries(countStates(summary.trials)).map(([state, count]) => `${count} ${state}`)
  const lines = [
    `${studyLabel(record)}: ${states.join(', ') || 'no trials'} in ${formatSeconds(seconds)}${interrupted ? '; interrupted, run it again to continue' : ''}`,
  ]
  if (best?.value !== undefined) {
    const tested = Object.entries(test ?? {}).map(([name, value]) => `, ${name} ${formatNumber(value)}`)
    lines.push(`best: trial ${best.number}, ${definition.metric} ${formatNumber(best.value)}${tested.join('')}`)
  } else {
    lines.push('No trial has a value. The report has the reasons.')
  }
  if (sourceChanged)
    lines.push('note: the study file has changed since the study began; trials before and after may not compare.')
  lines.push(`report: ${readme}`)
  return lines.join('\n')
}

function summaryJson(
  { record, sourceChanged }: StudyRun,
  summary: RunSummary,
  report: string,
  seconds: number,
): string {
  const { best, test, interrupted } = summary
  return toJson({
    type: 'summary',
    study: record.name,
    number: record.number,
    counts: countStates(summary.trials),
    best,
    test,
    interrupted,
    sourceChanged,
    seconds,
    report,
  })
}
