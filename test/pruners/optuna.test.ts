import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { hyperband } from '../../src/pruners/hyperband.ts'
import { patience } from '../../src/pruners/patience.ts'
import { median, percentile } from '../../src/pruners/percentile.ts'
import { successiveHalving } from '../../src/pruners/successive-halving.ts'
import { threshold } from '../../src/pruners/threshold.ts'
import { wilcoxon } from '../../src/pruners/wilcoxon.ts'
import type { Pruner } from '../../src/study/pruner.ts'
import type { Goal } from '../../src/study/view.ts'
import { completed, curveOf, type Past, studyOf } from './studies.ts'

const fixture = z
  .object({
    parallel: z.number(),
    cases: z.array(
      z.object({
        pruner: z.string(),
        options: z.record(z.string(), z.number()),
        goal: z.enum(['minimize', 'maximize']),
        stopped: z.array(z.number().nullable()),
        curves: z.array(
          z.array(
            z
              .number()
              .nullable()
              .transform((value) => value ?? Number.NaN),
          ),
        ),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('./optuna-decisions.json', import.meta.url), 'utf8')))

const MAKE: Readonly<Record<string, (options: object) => Pruner>> = {
  median,
  percentile,
  successiveHalving,
  hyperband,
  threshold,
  patience,
  wilcoxon,
}

describe('decisions on random curves are those of Optuna 5', () => {
  test.each(fixture.cases)('$pruner $options, $goal', ({ pruner, options, goal, stopped, curves }) => {
    const make = MAKE[pruner]
    if (!make) throw new RangeError(pruner)
    expect(stopsOf(make(options), curves, goal, pruner === 'wilcoxon')).toEqual(stopped)
  })
})

/** At which step each curve is stopped, three running at once in turn, as optuna_decisions.py runs them. */
function stopsOf(pruner: Pruner, curves: readonly number[][], goal: Goal, folds: boolean): (number | null)[] {
  const past: Past[] = []
  const stopped = curves.map((): number | null => null)
  let running: number[] = []
  while (running.length > 0 || past.length < curves.length) {
    while (running.length < fixture.parallel && past.length < curves.length) {
      running.push(past.length)
      past.push({ state: 'running', curve: [] })
    }
    for (const number of running) {
      const whole = curves[number] ?? []
      const values = whole.slice(0, (past[number]?.curve.length ?? 0) + 1)
      past[number] = { state: 'running', curve: curveOf(values) }
      const view = studyOf(past, goal)
      const trial = view.trials[number]
      if (values.length === whole.length) {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length
        past[number] = { ...completed(values), ...(folds && { value: mean }) }
      } else if (trial && pruner.decide(trial, view).stop) {
        past[number] = { state: 'stopped', curve: curveOf(values) }
        stopped[number] = values.length
      }
    }
    running = running.filter((number) => past[number]?.state === 'running')
  }
  return stopped
}
