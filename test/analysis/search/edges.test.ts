import { expect, test } from 'vitest'
import { edgeClusters } from '../../../src/analysis/search/edges.ts'
import { choice, float, int, type SpaceSpec } from '../../../src/space/domain.ts'
import type { Assignment } from '../../../src/space/params.ts'
import { formulaStudy } from '../importance/studies.ts'

const SPACE = { rate: float(1e-4, 1, { scale: 'log' }), layers: int(1, 6), kind: choice(['a', 'b']), on: int(0, 1) }

function ends(value: (params: Assignment, noise: number) => number, trials = 100, space: SpaceSpec = SPACE, seed = 0) {
  const found = edgeClusters(formulaStudy(space, trials, value, seed))
  if (!found.known) throw new Error(found.why)
  return found.value
}

test('the best at an end are found, on its side and nowhere else', () => {
  const found = ends((params) => -Math.log(Number(params.rate)))
  expect(found.map(({ parameter, side }) => `${parameter} ${side}`)).toEqual([
    'layers low',
    'layers high',
    'rate low',
    'rate high',
  ])
  const [, few, low, high] = found
  expect(high).toMatchObject({ inside: 10, of: 10, expected: 0.1, clusters: true })
  // 10 of 10 at 0.1 each, four ends; the interval of 10 of 10 is (0.025)^(1/10) and up.
  expect(high?.chance).toBeCloseTo(4e-10, 16)
  expect(high?.share.low).toBeCloseTo(0.025 ** 0.1, 9)
  expect(high?.share.high).toBe(1)
  expect(low).toMatchObject({ inside: 0, clusters: false, chance: 1 })
  // The last of six values is a sixth of the range.
  expect(few?.expected).toBeCloseTo(1 / 6, 2)
  expect(few?.clusters).toBe(false)
})

test('a cluster is no chance: where nothing matters, few studies have one', () => {
  const studies = Array.from({ length: 100 }, (_, seed) =>
    ends((_, noise) => noise, 60, { a: float(0, 1), b: float(0, 1), c: float(0, 1) }, seed),
  )
  // At a level of 5 % for all ends together; 11 or more of 100 has a probability of 1 %.
  expect(studies.filter((found) => found.some(({ clusters }) => clusters)).length).toBeLessThan(11)
})

test('of a conditional parameter those trials count that have it, and twenty of them', () => {
  const space = { way: choice({ left: { a: float(0, 1) }, right: { b: float(0, 1) } }) }
  const found = ends((params) => Number(params['left.a'] ?? 5), 60, space)
  expect(found[0]).toMatchObject({ parameter: 'left.a', side: 'low', inside: found[0]?.of, clusters: true })
  expect(edgeClusters(formulaStudy(space, 19, () => 1)).known).toBe(false)
  expect(edgeClusters(formulaStudy({ kind: choice(['a', 'b']) }, 50, () => 1)).known).toBe(false)
})
