import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/study/engine.ts'
import { findEngine } from '../helpers/engines.ts'
import { type Computed, compute } from './engine/compute.ts'
import { differences } from './engine/differences.ts'
import { layers } from './engine/layers.ts'
import { trainings } from './engine/models/models.ts'
import { published } from './engine/published.ts'
import { replaceRowsConformance } from './engine/replace-rows.ts'
import { lossCurve } from './engine/train.ts'

/**
 * What every engine must do: layers forward and backward as published and as on the cpu engine, to 1e-4 in float32; fifty
 * steps of training along the cpu engine's losses, to 1e-3; the same again bit by bit; and nothing left behind.
 */
export async function engineConformance(name: Engine['name']): Promise<void> {
  const found = await findEngine(name)
  describe.skipIf(!found)(`the engine ${name}`, () => {
    if (found) conformance(found)
  })
}

function conformance(engine: Engine): void {
  let cpu: Engine
  beforeAll(async () => {
    cpu = await createEngine('cpu')
    await engine.load()
  })

  /** Runs, and checks that nothing is left: neither tensors nor what a kernel made that never became one. */
  async function leavingNothing<T>(work: () => Promise<T>): Promise<T> {
    const held = async () => {
      const tf = await engine.load()
      return { ...engine.memory(), buffers: tf.memory().numDataBuffers, data: tf.backend().numDataIds() }
    }
    const before = await held()
    const result = await work()
    expect(await held()).toEqual(before)
    return result
  }

  function expectAlike(actual: Computed, expected: Computed, tolerance: number): void {
    expect(Object.keys(actual).toSorted()).toEqual(Object.keys(expected).toSorted())
    const wrong = Object.entries(expected).flatMap(([part, contents]) =>
      differences(actual[part], contents, tolerance).map((difference) => `${part}: ${difference}`),
    )
    expect(wrong, wrong.join('; ')).toEqual([])
  }

  describe('published values', () => {
    for (const each of published) {
      test(`${each.name}: ${each.formula}`, async () => {
        expectAlike(await leavingNothing(() => each.compute(engine)), each.expected, 1e-4)
      })
    }
  })

  for (const [family, cases] of Object.entries(layers)) {
    describe(family, () => {
      for (const each of cases) {
        test(each.name, async () => {
          const actual = await leavingNothing(() => compute(engine, each))
          expectAlike(actual, await compute(cpu, each), each.tolerance)
        })
      }
    })
  }

  replaceRowsConformance(engine)

  describe('training', () => {
    for (const { name: training, model, optimizer } of trainings) {
      const train = (on: Engine, steps: number) => lossCurve(on, model, optimizer, steps)

      test(training, { timeout: 120_000 }, async () => {
        const actual = await leavingNothing(() => train(engine, 50))
        const expected = await train(cpu, 50)
        expect(mean(expected.slice(-10)), 'learns').toBeLessThan(0.95 * mean(expected.slice(0, 10)))
        const errors = actual.map((loss, step) => Math.abs(loss - (expected[step] ?? Number.NaN)))
        expect(Math.max(...errors)).toBeLessThan(1e-3)
        expect(await train(engine, 8), 'the same again').toEqual(actual.slice(0, 8))
      })
    }
  })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
