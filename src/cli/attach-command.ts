import { setTimeout as sleep } from 'node:timers/promises'
import { DynotuneError } from '../errors.ts'
import { createBundleCache, defaultCacheFolder } from '../runner/bundle-cache.ts'
import { importStudy } from '../runner/study-module.ts'
import type { LeaseHolder } from '../store/lease.ts'
import type { Store } from '../store/store.ts'
import { type StudyRecord, studyLabel } from '../study/record.ts'
import { best, isFinal, type TrialView } from '../study/view.ts'
import { EXIT } from './exit.ts'
import { type ConductArguments, conduct } from './run-command.ts'
import { findStudy, openExisting } from './stored.ts'
import { createView } from './views/create.ts'

export interface AttachArguments extends ConductArguments {
  readonly study: string
  readonly db: string
}

const LOOK_MS = 1000

/**
 * `dynotune attach`: shows a study that somebody runs until that ends; takes it over where nobody does, or once whoever did has
 * died. Returns the exit code.
 */
export async function attachCommand(args: AttachArguments): Promise<number> {
  const store = openExisting(args.db)
  try {
    const record = findStudy(store, args.study)
    const holder = store.holder(record)
    if (typeof holder === 'object') {
      const ended = await follow(args.json, store, record, holder)
      if (ended !== 'left') return ended
    }
    return await takeOver(args, store, record)
  } finally {
    store.close()
  }
}

/** Shows what others do; how that ended: `left` when they died over it. */
async function follow(json: boolean, store: Store, record: StudyRecord, holder: LeaseHolder): Promise<number | 'left'> {
  const { definition } = record
  const archive = store.archive(record)
  const view = createView(json, definition)
  const leaving = new AbortController()
  const leave = () => leaving.abort()
  const seen = new Set<number>()
  const finished = () => archive.trials().filter(({ state }) => isFinal(state))
  for (const { number } of finished()) seen.add(number)
  view.begin({ record, definition, finishedBefore: seen.size })
  view.say(`Process ${holder.pid} on ${holder.host} runs ${studyLabel(record)}. Ctrl-C ends the view, not the run.`)
  process.on('SIGINT', leave).on('SIGTERM', leave)

  function show(): void {
    const trials: readonly (TrialView & { readonly seconds?: number })[] = finished()
    for (const trial of trials.filter(({ number }) => !seen.has(number))) {
      seen.add(trial.number)
      const leader = best(
        trials.filter(({ number }) => seen.has(number)),
        definition.goal,
      )
      view.progress({
        ...{ type: 'finished', trial, trainer: undefined, seconds: trial.seconds ?? 0, best: leader },
        ...{ isBest: leader?.number === trial.number, done: seen.size },
      })
    }
  }

  try {
    for (;;) {
      // Asked for first: what it wrote before it ended is there by then.
      const now = store.holder(record)
      show()
      if (now === undefined) return EXIT.done
      if (now === 'left') return now
      await sleep(LOOK_MS, undefined, { signal: leaving.signal }).catch(() => {})
      if (leaving.signal.aborted) return EXIT.interrupted
    }
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave)
    view.end()
  }
}

async function takeOver(args: AttachArguments, store: Store, record: StudyRecord): Promise<number> {
  const bundle = store.bundleOf(record)
  if (!bundle) throw noBundle(record)
  const cache = createBundleCache(defaultCacheFolder())
  const module = cache.find(bundle.digest) ?? cache.keep(bundle.digest, bundle.code)
  const study = await importStudy(module)
  // As it was run last, whatever its command line said.
  const { definition } = record
  return conduct(args, { study, module, store, record, bundle, overrides: definition })
}

function noBundle(record: StudyRecord): DynotuneError {
  return new DynotuneError('study.no_bundle', 'The database has results of this study, and not the study itself.', {
    path: studyLabel(record),
    remedy: `dynotune run ${record.source?.path ?? 'study.ts'} goes on with it; only studies run with --redis are kept whole`,
  })
}
