import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Tf } from '../../src/study/engine.ts'
import {
  adam,
  applyGradients,
  chain,
  type Optimized,
  scaleByLearningRate,
  sgd,
  startOptimizer,
  type Transformation,
} from '../../src/train/index.ts'
import reference from '../fixtures/train/optimizers.json' with { type: 'json' }

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** The parameters after each of some steps. */
function descend(
  optimizer: Transformation,
  start: Tensor[],
  gradients: (params: readonly Tensor[], step: number) => Tensor[],
  steps: number,
): number[][][] {
  let optimized: Optimized = startOptimizer(tf, optimizer, start)
  return Array.from({ length: steps }, (_, step) => {
    optimized = applyGradients(tf, optimizer, optimized, gradients(optimized.params, step))
    return optimized.params.map((tensor) => [...tensor.dataSync()])
  })
}

const optimizers: Record<string, Transformation> = {
  sgd: sgd({ learningRate: 0.1 }),
  momentum: sgd({ learningRate: 0.1, momentum: 0.9 }),
  nesterov: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  adam: adam({ learningRate: 0.01 }),
}

describe('thirty steps follow the published implementation', () => {
  const tensors = ({ w, b }: { w: number[][]; b: number[] }) => [tf.tensor2d(w), tf.tensor1d(b)]

  test.each(reference.optimizers)('$name: $source', ({ name, params }) => {
    const optimizer = optimizers[name]
    if (!optimizer) throw new Error(`no optimizer for ${name}`)
    const gradients = (_params: readonly Tensor[], step: number) => tensors(reference.grads[step] ?? reference.params0)
    const path = descend(optimizer, tensors(reference.params0), gradients, 30)
    expect(params).toHaveLength(7)
    for (const { step, w, b } of params) {
      const expected = [...w.flat(), ...b]
      const actual = path[step - 1]?.flat() ?? []
      expect(actual).toHaveLength(expected.length)
      for (const [i, value] of expected.entries())
        expect(Math.abs((actual[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
    }
  })
})

describe.each([
  ['sgd', sgd({ learningRate: 2e-3 }), sgd({ learningRate: 0.1 })],
  ['momentum', sgd({ learningRate: 5e-4, momentum: 0.9 }), sgd({ learningRate: 0.02, momentum: 0.9 })],
  ['adam', adam({ learningRate: 0.05 }), adam({ learningRate: 0.1 })],
] as const)('%s converges', (_name, forRosenbrock, forParabola) => {
  test('on a parabola', () => {
    const slope = tf.grad((x) => tf.sum(tf.square(tf.sub(x, [1, -2]))))
    const path = descend(forParabola, [tf.tensor1d([5, 5])], ([x]) => [slope(x ?? tf.scalar(0))], 300)
    expect(path.at(-1)?.[0]?.[0]).toBeCloseTo(1, 2)
    expect(path.at(-1)?.[0]?.[1]).toBeCloseTo(-2, 2)
  })

  test('on Rosenbrock, from (-1, 1) into the valley and along it', () => {
    // 100 (y - x²)² + (1 - x)²; the gradient by hand.
    const gradient = ([params]: readonly Tensor[]) => {
      const [x = 0, y = 0] = params?.dataSync() ?? []
      return [tf.tensor1d([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)])]
    }
    const path = descend(forRosenbrock, [tf.tensor1d([-1, 1])], gradient, 4000)
    const [x = 0, y = 0] = path.at(-1)?.[0] ?? []
    expect(100 * (y - x * x) ** 2 + (1 - x) ** 2).toBeLessThan(0.05)
  })
})

test('gradient descent diverges just above the rate 2/L and converges just below', () => {
  // Curvature L = 4.
  const distance = (rate: number) =>
    Math.abs(
      descend(sgd({ learningRate: rate }), [tf.tensor1d([1])], ([x]) => [tf.mul(x ?? 0, 4)], 200).at(-1)?.[0]?.[0] ?? 0,
    )
  expect(distance(0.49)).toBeLessThan(0.02)
  expect(distance(0.51)).toBeGreaterThan(50)
})

test('a schedule is asked for each step, from 0; a chain applies its parts in order', () => {
  const asked: number[] = []
  const optimizer = chain(
    scaleByLearningRate(-3),
    scaleByLearningRate((step) => {
      asked.push(step)
      return 1 / (step + 1)
    }),
  )
  const path = descend(optimizer, [tf.tensor1d([0])], () => [tf.tensor1d([1])], 3)
  expect(asked).toEqual([0, 1, 2])
  expect(path.flat(2)).toEqual([-3, -4.5, -5.5])
})
