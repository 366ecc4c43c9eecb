import { createTuner } from '../../src/scheduler/tuner.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import type { Asker, RunOptions } from './run.ts'
import type { Subject } from './subject.ts'

/** One of our samplers in a run of its own. */
export function askOurs(
  sampler: Sampler,
  { space, objectives }: Pick<Subject, 'space' | 'objectives'>,
  { trials, pending, seed }: RunOptions & { readonly seed: number },
): Asker {
  const metrics = Array.from({ length: objectives }, (_, i) => `f${i + 1}`)
  const [metric = ''] = metrics
  const tuner = createTuner({
    ...{ space, seed, metric, sampler, budget: trials, parallel: pending },
    ...(objectives > 1 && { objectives: metrics.map((name) => ({ metric: name, goal: 'minimize' }) as const) }),
  })
  return {
    async ask(count) {
      const began = performance.now()
      const asked = tuner.ask(count)
      return { trials: asked, seconds: (performance.now() - began) / 1000 }
    },
    async tell(trial, values) {
      const [value = Number.NaN] = values
      if (objectives === 1) tuner.tell(trial, value)
      else {
        const named = Object.fromEntries(metrics.map((name, i) => [name, values[i] ?? Number.NaN]))
        tuner.tell(trial, { state: 'complete', values: named })
      }
    },
  }
}
