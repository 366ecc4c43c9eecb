import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { fixed, float, type SpaceSpec } from '../../src/index.ts'
import type { Progress } from '../../src/scheduler/progress.ts'
import { openRun, type RunOptions } from '../../src/scheduler/run-study.ts'
import { openStore } from '../../src/store/store.ts'
import { defineStudy, type StudyConfig } from '../../src/study/study.ts'
import { temporaryFolder } from './folder.ts'

export const BEHAVIOURS = new URL('../fixtures/studies/behaviours.ts', import.meta.url).href

/** A study whose trials all behave alike; the trainers take `run` and `test` from the fixture. */
export function behaving(mode: string, changes: Partial<StudyConfig<SpaceSpec>> = {}) {
  return defineStudy<SpaceSpec>({
    name: 'behaviours',
    space: { x: float(0, 1), mode: fixed(mode) },
    metric: 'loss',
    goal: 'minimize',
    budget: { trials: 3 },
    parallel: 1,
    sampler: 'halton',
    engine: 'cpu',
    run: () => 0,
    ...changes,
  })
}

/** Opens a run of a study on a real store and real trainers. */
export function openTestRun(
  study: ReturnType<typeof behaving>,
  options: Partial<RunOptions> & { readonly db?: string } = {},
) {
  const db = options.db ?? join(temporaryFolder(), 'studies.db')
  const store = openStore(db)
  onTestFinished(() => store.close())
  const progress: Progress[] = []
  const run = openRun({ study, module: BEHAVIOURS, store, onProgress: (event) => progress.push(event), ...options })
  return { db, store, run, progress, archive: store.archive(run.record) }
}
