import { expect, test } from 'vitest'
import { run } from './run-training.ts'

test('the cost of targets is that of the first evaluation that reaches them; of others it is infinite', async () => {
  const targets = [
    { metric: 'validationAccuracy', atLeast: 0.6 },
    { metric: 'validationLoss', atMost: 1.4 },
    { metric: 'validationLoss', atMost: 0 },
    { metric: 'noSuchMetric', atLeast: 0 },
  ]
  const { result } = await run({ evaluateEvery: 5, targets })
  const [accuracy, loss, never, unknown] = result.targets
  const firstStep = (reaches: (metrics: { [name: string]: number }) => boolean) => result.curve.find(reaches)?.step
  expect(accuracy?.steps).toBe(firstStep(({ validationAccuracy = 0 }) => validationAccuracy >= 0.6))
  expect(loss?.steps).toBe(firstStep(({ validationLoss = 1 }) => validationLoss <= 1.4))
  for (const each of [accuracy, loss]) {
    expect(each?.steps).toBeLessThan(60)
    expect(each?.examples).toBe(32 * (each?.steps ?? 0))
    expect(each?.seconds).toBeGreaterThan(0)
    expect(each?.seconds).toBeLessThan(result.seconds)
  }
  const infinite = Number.POSITIVE_INFINITY
  expect(never).toEqual({ target: targets[2], steps: infinite, examples: infinite, seconds: infinite })
  expect(unknown?.steps).toBe(infinite)
  expect(result.targets.map(({ target }) => target)).toEqual(targets)
})

test('training may end at the last of its targets', async () => {
  const first = { metric: 'validationAccuracy', atLeast: 0.3 }
  const config = { evaluateEvery: 5, targets: [first, { metric: 'validationAccuracy', atLeast: 0.6 }] }
  const { result, reports } = await run({ ...config, stopAtTarget: true })
  expect(result.outcome).toBe('reached')
  expect(result.steps).toBeLessThan(60)
  expect(result.steps).toBe(Math.max(...result.targets.map(({ steps }) => steps)))
  expect(result.targets[0]?.steps).toBeLessThan(result.steps)
  expect(reports.at(-1)?.validationAccuracy).toBeGreaterThanOrEqual(0.6)
  const further = await run({
    ...config,
    targets: [first, { metric: 'validationLoss', atMost: 0 }],
    stopAtTarget: true,
  })
  expect(further.result).toMatchObject({ outcome: 'finished', steps: 60 })
})
