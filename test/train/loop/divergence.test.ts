import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../../src/runner/outcome.ts'
import { sgd } from '../../../src/train/index.ts'
import { run } from './run-training.ts'

/** What the runner makes of what `run` returns. */
const judged = (metrics: unknown) => outcomeOf(metrics, 'validationLoss', 0.1, false)

describe('divergence', () => {
  test('to what is no number ends training at the next evaluation, and makes the trial infeasible', async () => {
    const { result, reports } = await run({ optimizer: sgd({ learningRate: 1e12 }), keep: 3 })
    expect(result).toMatchObject({ outcome: 'diverged', steps: 20, examples: 640, kept: [] })
    expect(reports).toHaveLength(1)
    expect(Object.keys(result.metrics).sort()).toEqual(['trainLoss', 'validationAccuracy', 'validationLoss'])
    expect(judged(result.metrics)).toMatchObject({ type: 'infeasible', reason: { code: 'trial.diverged' } })
  })

  test('to a loss far above the first is noticed where the loss is still finite', async () => {
    // The slope of a loss that begins at ln 10: too large a rate makes it thousands, which are numbers.
    const config = { optimizer: sgd({ learningRate: 200 }), evaluateEvery: 10 }
    const { result, reports } = await run(config)
    const [first] = reports
    expect(Number.isFinite(first?.trainLoss)).toBe(true)
    expect(first?.trainLoss).toBeGreaterThan(100 * Math.log(10))
    expect(result).toMatchObject({ outcome: 'diverged', steps: 10 })
    expect(Number.isNaN(result.metrics.validationLoss)).toBe(true)
    const patient = await run({ ...config, divergedAt: 1e9 })
    expect(patient.result).toMatchObject({ outcome: 'finished', steps: 60 })
    expect(judged(patient.result.metrics)).toMatchObject({ type: 'complete' })
  })

  test('keeps what was best before it', async () => {
    const { result } = await run({ schedule: (step) => (step < 20 ? 1 : 1e12), optimizer: sgd({ learningRate: 0.1 }) })
    expect(result).toMatchObject({ outcome: 'diverged', steps: 40, best: { step: 20 } })
    expect(judged(result.metrics)).toMatchObject({ type: 'infeasible' })
  })
})
