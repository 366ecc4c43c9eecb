import { expect, test } from 'vitest'
import { isolate, isolatePair } from '../../src/analysis/isolation.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import { formulaStudy } from './importance/studies.ts'

const SPACE = {
  rate: float(1e-4, 1, { scale: 'log' }),
  layers: int(1, 4),
  optimizer: choice({ sgd: { momentum: float(0, 1) }, adam: {} }),
}
const view = formulaStudy(SPACE, 200, ({ rate, layers }, noise) => {
  return (Math.log10(Number(rate)) + 2) ** 2 + Math.abs(Number(layers) - 3) + 0.1 * noise
})

function of(name: string, study = view) {
  const found = isolate(study, name)
  if (!found.known) throw new Error(found.why)
  return found.value
}

test('each value has its best trial over all others', () => {
  const found = of('layers')
  expect(found.map(({ bucket }) => bucket.value)).toEqual([1, 2, 3, 4])
  for (const { bucket, best, trials, value } of found) {
    const values = view.trials.filter(({ params }) => params.layers === bucket.value).map((trial) => trial.value ?? 0)
    expect(trials).toBe(values.length)
    expect(value?.value).toBe(Math.min(...values))
    expect(view.trials[best ?? -1]?.value).toBe(value?.value)
  }
  const least = found.reduce((a, b) => ((a.value?.value ?? 9) < (b.value?.value ?? 9) ? a : b))
  expect(least.bucket.value).toBe(3)
})

test('a continuous range is cut along its scale, all trials in one stretch', () => {
  const found = of('rate')
  expect(found).toHaveLength(8)
  expect(found.reduce((sum, { trials }) => sum + trials, 0)).toBe(200)
  expect(found[4]?.bucket.ends[0]).toBeCloseTo(0.01, 10)
  expect(found[0]?.bucket.ends[0]).toBe(1e-4)
  expect(found[7]?.bucket.ends[1]).toBe(1)
})

test('the interval is that of resampled trials: its bad end is beaten by 97.5 % of resamples', () => {
  const one = formulaStudy({ a: choice(['x']), b: float(0, 1) }, 50, ({ b }) => Number(b))
  const [found] = of('a', one)
  const sorted = one.trials.map(({ value }) => value ?? 0).sort((a, b) => a - b)
  // (1 - 4/50)^50 = 0.0155 and (1 - 3/50)^50 = 0.045: the fourth best.
  expect(found?.value).toEqual({ value: sorted[0], low: sorted[0], high: sorted[3] })
  const turned = { ...one, goal: 'maximize' as const }
  expect(of('a', turned)[0]?.value).toEqual({ value: sorted[49], low: sorted[46], high: sorted[49] })
})

test('a conditional parameter counts where it is, an empty stretch has no best', () => {
  const having = view.trials.filter(({ params }) => params['sgd.momentum'] !== undefined)
  expect(of('sgd.momentum').reduce((sum, { trials }) => sum + trials, 0)).toBe(having.length)
  const few = { ...view, trials: view.trials.slice(0, 2) }
  expect(of('rate', few).filter(({ value }) => value === undefined).length).toBeGreaterThan(5)
  expect(isolate(view, 'missing').known).toBe(false)
  expect(isolate({ ...view, trials: [] }, 'rate').known).toBe(false)
})

test('two parameters: the best of each pair', () => {
  const found = isolatePair(view, ['layers', 'optimizer'])
  if (!found.known) throw new Error(found.why)
  expect(found.value).toHaveLength(8)
  for (const { buckets, value } of found.value) {
    const values = view.trials.filter(
      ({ params }) => params.layers === buckets[0].value && params.optimizer === buckets[1].value,
    )
    expect(value?.value).toBe(Math.min(...values.map((trial) => trial.value ?? 0)))
  }
  expect(isolatePair(view, ['layers', 'missing']).known).toBe(false)
})

test('the chance of a best as bad is that of as many trials drawn from all', () => {
  const study = formulaStudy(
    { a: choice(['x', 'y']), b: float(0, 1) },
    40,
    ({ a, b }) => Number(b) + (a === 'y' ? 0.5 : 0),
  )
  const [x, y] = of('a', study)
  expect(x?.chance).toBe(1)
  const best = y?.value?.value ?? 0
  const better = study.trials.filter(({ value = 0 }) => value < best).length
  const count = y?.trials ?? 0
  // C(40 - better, count) / C(40, count)
  const expected = Array.from({ length: count }, (_, j) => (40 - better - j) / (40 - j)).reduce((a, b) => a * b, 1)
  expect(y?.chance).toBeCloseTo(expected, 12)
  expect(expected).toBeLessThan(0.01)
})

test('where nothing matters, a chance is below a level as rarely as it says', () => {
  const chances = Array.from({ length: 100 }, (_, seed) =>
    of(
      'a',
      formulaStudy({ a: int(1, 4), b: float(0, 1) }, 40, (_, noise) => noise, seed),
    ),
  ).flatMap((found) => found.map(({ chance = 1 }) => chance))
  // 400 chances; 34 or more below 0.05 have a probability below 0.1 %.
  expect(chances.filter((chance) => chance < 0.05).length).toBeLessThan(34)
})
