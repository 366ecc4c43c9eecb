import { expect, test } from 'vitest'
import { repeats } from '../../../src/analysis/search/repeats.ts'
import { float } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'
import type { StudyView } from '../../../src/study/view.ts'

function study(runs: readonly (readonly [number, number])[], goal: StudyView['goal'] = 'minimize'): StudyView {
  return {
    space: createSpace({ x: float(0, 100) }),
    metric: 'loss',
    goal,
    seed: 0,
    trials: runs.map(([x, value], number) => ({ number, params: { x }, state: 'complete', value })),
  }
}

function found(view: StudyView) {
  const finding = repeats(view)
  if (!finding.known) throw new Error(finding.why)
  return finding.value
}

test('the spread of the winner has the chi-square interval of its runs', () => {
  const values = [1, 1.2, 0.9, 1.1, 1.3]
  const result = found(study([...values.map((value): [number, number] => [1, value]), [2, 5]]))
  expect(result).toMatchObject({ degrees: 4, isOfWinner: true, winner: { trials: [0, 1, 2, 3, 4] }, next: { mean: 5 } })
  expect(result.winner.mean).toBeCloseTo(1.1, 12)
  // Variance 0.025; chi-square quantiles of 4 degrees 0.48442 and 11.1433.
  expect(result.deviation.value).toBeCloseTo(Math.sqrt(0.025), 12)
  expect(result.deviation.low).toBeCloseTo(Math.sqrt(0.1 / 11.1433), 5)
  expect(result.deviation.high).toBeCloseTo(Math.sqrt(0.1 / 0.484419), 5)
})

test('a gain beyond both deviations is told from one within', () => {
  const many = Array.from({ length: 20 }, (_, index): [number, number] => [10 + index, 3 + (index % 3) * 0.01])
  const winner = [0.1, 0.11, 0.09].map((value): [number, number] => [1, value])
  const clear = found(study([...winner, ...many]))
  expect(clear.gain?.value).toBeCloseTo(2.9, 6)
  const close = found(study([...winner, ...winner.map(([, value]): [number, number] => [2, value + 0.005]), [3, 0.2]]))
  expect(close.gain?.low).toBeLessThan(0)
  expect(close.gain?.high).toBeGreaterThan(0.005)
})

test('where the winner was run once, repeats of others stand in; a maximised study is the mirror', () => {
  const runs: [number, number][] = [
    [1, 9],
    [2, 5],
    [2, 6],
    [3, 7],
    [3, 7.4],
  ]
  const result = found(study(runs, 'maximize'))
  expect(result).toMatchObject({ isOfWinner: false, degrees: 2, winner: { mean: 9 }, next: { trials: [3, 4] } })
  expect(result.deviation.value).toBeCloseTo(Math.sqrt((0.5 + 0.08) / 2), 12)
  expect(result.gain?.value).toBeCloseTo(1.8, 12)
})

test('without repeats nothing is known', () => {
  expect(
    repeats(
      study([
        [1, 2],
        [2, 3],
      ]),
    ).known,
  ).toBe(false)
  expect(repeats(study([])).known).toBe(false)
})
