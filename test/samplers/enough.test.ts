import { expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { enough } from '../../src/samplers/enough.ts'
import { float } from '../../src/space/domain.ts'
import { createSpace } from '../../src/space/space.ts'
import type { StudyView, TrialView } from '../../src/study/view.ts'

const NOISE = 0.05

/** A bowl with noise, looked at evenly and then near its middle. */
function bowl(count: number, noise = NOISE): StudyView {
  const space = createSpace({ x: float(0, 1), y: float(0, 1) })
  const trials = Array.from({ length: count }, (_, number): TrialView => {
    const { next, normal } = createRandom(3, number, 'bowl')
    const near = number < 20 ? 1 : 0.15
    const [x, y] = [0.4 + near * (next() - 0.4), 0.6 + near * (next() - 0.6)]
    const value = 10 * ((x - 0.4) ** 2 + (y - 0.6) ** 2) + noise * normal()
    return { number, params: { x, y }, state: 'complete', value }
  })
  return { space, metric: 'loss', goal: 'minimize', seed: 0, trials }
}

test('a study goes on while the model can be wrong by more than the noise, and ends when it cannot', () => {
  expect(enough(bowl(19), 'noise')).toBeUndefined()
  expect(enough(bowl(20), 0.001)).toBeUndefined()
  const reason = enough(bowl(60), 'noise')
  expect(reason).toMatch(/^After 60 trials/)
  const noise = Number(/run to run, ([\d.]+)\.$/.exec(reason ?? '')?.[1])
  expect(noise).toBeGreaterThan(NOISE / 2)
  expect(noise).toBeLessThan(NOISE * 2)
})

test('an amount is held against the bound as it is', () => {
  expect(enough(bowl(60), 1e-4)).toBeUndefined()
  expect(enough(bowl(60), 1)).toMatch(/less than 1\.$/)
})
