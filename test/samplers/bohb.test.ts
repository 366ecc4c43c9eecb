import { describe, expect, test } from 'vitest'
import { bohb } from '../../src/samplers/bohb.ts'
import { float } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import { samplerConformance } from '../conformance/sampler.ts'
import { streams } from './history.ts'
import { type Said, studyOf } from './tpe/views.ts'

samplerConformance('bohb', bohb, { adaptive: true })

const space = createSpace({ x: float(0, 1), y: float(0, 1) })
const grid = Array.from(
  { length: 49 },
  (_, i): Assignment => ({ x: ((i % 7) + 0.5) / 7, y: (Math.floor(i / 7) + 0.5) / 7 }),
)
const away = (from: number, { x, y }: Assignment) => (Number(x) - from) ** 2 + (Number(y) - from) ** 2

/** Trials that look best near 0.1 after one step, and, as far as they go on, near 0.9 after three. */
const trials = (goOn: number): Said[] =>
  grid.map((params, i) => {
    const first = { step: 1, value: away(0.1, params) }
    if (i % 7 >= goOn) return { params, state: 'stopped', value: first.value, curve: [first] }
    return { params, state: 'running', curve: [first, { step: 3, value: away(0.9, { ...params, x: 0.9 }) }] }
  })

/** The mean of y over many suggestions. */
const meanOfY = (said: readonly Said[], options = {}) => {
  const found = bohb(options).suggest(studyOf(space, said), 60, streams(0))
  return found.reduce((sum, { y }) => sum + Number(y), 0) / found.length
}

describe('the model', () => {
  test('is of the largest step that enough trials got to', () => {
    // Five are enough in two dimensions: none went on, then all of a column of seven did.
    expect(meanOfY(trials(0), { random: 0 })).toBeLessThan(0.35)
    expect(meanOfY(trials(1), { random: 0 })).toBeGreaterThan(0.65)
  })

  test('is left aside for a share of the trials', () => {
    const modelled = meanOfY(trials(0), { random: 0 })
    expect(meanOfY(trials(0), { random: 0.99 })).toBeGreaterThan(0.42)
    expect(meanOfY(trials(0))).toBeGreaterThan(modelled)
  })

  test('waits for enough trials', () => {
    const early = studyOf(space, trials(0).slice(0, 4))
    expect(bohb().explain?.(early)).toContain('no model before 5 trials have a value')
    const [first, second] = [bohb({ good: 0.5 }), bohb()].map((sampler) => sampler.suggest(early, 3, streams(0)))
    expect(first).toEqual(second)
  })

  test('is explained by its step', () => {
    expect(bohb().explain?.(studyOf(space, trials(1)))).toBe(
      "BOHB's model was at last of 7 trials by their values at step 3, the largest that 5 trials got to. About 33% of the " +
        'trials were drawn evenly instead.',
    )
  })
})

test.each([
  [{ random: 1 }, 'sampler.random'],
  [{ good: 0 }, 'sampler.good'],
])('refuses %j', (options, path) => {
  expect(() => bohb(options)).toThrow(expect.objectContaining({ code: 'sampler.invalid', path }))
})
