import { expect, test } from 'vitest'
import { infeasibility } from '../../../src/analysis/search/infeasible.ts'
import { choice, float } from '../../../src/space/domain.ts'
import type { Assignment } from '../../../src/space/params.ts'
import type { StudyView } from '../../../src/study/view.ts'
import { formulaStudy } from '../importance/studies.ts'

const SPACE = {
  rate: float(1e-4, 1, { scale: 'log' }),
  width: float(0, 1),
  kind: choice({ a: { x: float(0, 1) }, b: {} }),
}

function study(isInfeasible: (params: Assignment, number: number) => boolean, trials = 100, seed = 0): StudyView {
  const view = formulaStudy(SPACE, trials, (params) => -Math.log(Number(params.rate)), seed)
  return {
    ...view,
    trials: view.trials.map(({ number, params, ...rest }) =>
      isInfeasible(params, number) ? { number, params, state: 'infeasible' } : { number, params, ...rest },
    ),
  }
}

function found(view: StudyView) {
  const finding = infeasibility(view)
  if (!finding.known) throw new Error(finding.why)
  return finding.value
}

test('training that diverges above a learning rate, with the best just below it', () => {
  const view = study(({ rate }) => Number(rate) > 0.1)
  const { infeasible, of, share, concentrations } = found(view)
  expect(infeasible).toBe(view.trials.filter(({ state }) => state === 'infeasible').length)
  expect(of).toBe(100)
  expect([share.low < share.value, share.value < share.high]).toEqual([true, true])
  const [first] = concentrations
  expect(first).toMatchObject({ parameter: 'rate', side: 'above', bestAtEdge: true, chance: 0.001 })
  expect(Number(first?.at)).toBeGreaterThan(0.07)
  expect(Number(first?.at)).toBeLessThan(0.14)
  expect(first?.beyond.share.value).toBe(1)
  expect(first?.within.infeasible).toBe(0)
})

test('the best far from the edge are not at it, and the low side is a side too', () => {
  const [first] = found(study(({ width }) => Number(width) < 0.3)).concentrations
  expect(first).toMatchObject({ parameter: 'width', side: 'below' })
  const [rate] = found(study(({ rate }) => Number(rate) < 1e-3)).concentrations
  expect(rate).toMatchObject({ parameter: 'rate', side: 'below', bestAtEdge: false })
})

test('infeasible trials all over are no concentration, in most studies', () => {
  const wrong = Array.from({ length: 40 }, (_, seed) => found(study((_, number) => number % 4 === 0, 60, seed)))
  expect(wrong.filter(({ concentrations }) => concentrations.length > 0).length).toBeLessThan(7)
  for (const { share } of wrong) expect(share.value).toBe(0.25)
})

test('none and all infeasible have a share but no concentration; without an outcome nothing is known', () => {
  expect(found(study(() => false))).toMatchObject({ infeasible: 0, share: { value: 0, low: 0 }, concentrations: [] })
  expect(found(study(() => true))).toMatchObject({ infeasible: 100, share: { high: 1 }, concentrations: [] })
  expect(infeasibility(study(() => true, 0)).known).toBe(false)
})
