import { parentPort, workerData } from 'node:worker_threads'
import { DynotuneError } from '../errors.ts'
import { importStudy } from '../runner/study-module.ts'
import { samplerOf } from '../samplers/sampler-of.ts'
import { createSpace } from '../space/space.ts'
import type { StudyView, TrialView } from '../study/view.ts'
import { suggest } from './suggest.ts'
import type { FromThread, ThreadStudy, ToThread } from './suggester.ts'

/*
 * The thread that makes slow suggestions. It keeps a copy of the study's trials, and since samplers are pure, what it
 * suggests is what the scheduler's own thread would have.
 */
const { module, sampler: name, gain, view: plain, space }: ThreadStudy = workerData
const study = module === undefined ? undefined : await importStudy(module)
const sampler = samplerOf(study?.sampler ?? name ?? '', plain)
const trials: TrialView[] = []
const view: StudyView = {
  ...plain,
  space: createSpace(space),
  trials,
  ...(study?.allows && { allows: study.allows }),
}

parentPort?.on('message', ({ trials: changed, count }: ToThread) => {
  for (const trial of changed) trials[trial.number] = trial
  parentPort?.postMessage(answer(count))
})

function answer(count: number): FromThread {
  const began = performance.now()
  try {
    return { suggestions: suggest(sampler, view, count, gain), ms: performance.now() - began }
  } catch (error) {
    if (!(error instanceof DynotuneError)) throw error
    const { code, message, path, value, remedy } = error
    return {
      error: {
        code,
        message,
        ...(path !== undefined && { path }),
        ...(value !== undefined && { value }),
        ...(remedy !== undefined && { remedy }),
      },
    }
  }
}
