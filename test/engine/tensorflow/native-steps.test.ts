import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { greater, leaf, select } from '../../../src/engine/fusion/expression.ts'
import { runOperations } from '../../../src/engine/fusion/operations.ts'
import { realize } from '../../../src/engine/fusion/realize.ts'
import { ELEMENTWISE, elementwiseCall } from '../../../src/engine/fusion/run-program.ts'
import { type NativeCall, nativeSteps } from '../../../src/engine/tensorflow/native-steps.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adam, applyGradients, sgd, startOptimizer, type Transformation } from '../../../src/train/index.ts'

interface Seen {
  /** What stands for the program, if anything does. */
  readonly native: NativeCall | undefined
  readonly inputs: number[][]
  readonly outputs: number[][]
}

let tf: Tf
const seen: Seen[] = []
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
  const steps = new Map(nativeSteps(tf).map((step) => [step.key, step]))
  const values = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])
  tf.registerKernel({
    kernelName: ELEMENTWISE,
    backendName: 'cpu',
    kernelFunc(params) {
      const { call, shape } = elementwiseCall(tf, params)
      const outputs = runOperations(tf, call, shape)
      const native = steps.get(call.program.key)?.call(call.numbers)
      seen.push({ native, inputs: values(call.inputs), outputs: values(outputs) })
      return outputs
    },
  })
})

/** The second step of an optimizer on one parameter. */
function step(optimizer: Transformation): Seen {
  seen.length = 0
  let optimized = startOptimizer(tf, optimizer, [tf.tensor1d([1, -2])])
  for (const gradient of [
    [3, 4],
    [-1, 2],
  ])
    optimized = applyGradients(tf, optimizer, optimized, [tf.tensor1d(gradient)])
  const [last] = seen.slice(-1)
  if (!last) throw new Error('the kernel was not called')
  return last
}

/** What the documentation of TensorFlow says that its operations do. */
const meanings: Record<string, (variables: number[], rest: number[]) => number[]> = {
  ResourceApplyAdam(
    [p = 0, m = 0, v = 0],
    [power1 = 0, power2 = 0, rate = 0, beta1 = 0, beta2 = 0, epsilon = 0, g = 0],
  ) {
    const mean = beta1 * m + (1 - beta1) * g
    const squares = beta2 * v + (1 - beta2) * g * g
    const corrected = (rate * Math.sqrt(1 - power2)) / (1 - power1)
    return [p - (corrected * mean) / (Math.sqrt(squares) + epsilon), mean, squares]
  },
  ResourceApplyMomentum([p = 0, v = 0], [rate = 0, g = 0, momentum = 0]) {
    const velocity = momentum * v + g
    return [p - rate * velocity, velocity]
  },
  ReluGrad: (_, [dy = 0, x = 0]) => [x > 0 ? dy : 0],
}

function expectSameAsNative({ native, inputs, outputs }: Seen, operation: string): void {
  expect(native?.operation).toBe(operation)
  for (const i of outputs[0]?.keys() ?? []) {
    const at = (place: number) => inputs[place]?.[i] ?? Number.NaN
    const rest = native?.rest.map((each) => (typeof each === 'number' ? each : at(each.input))) ?? []
    const expected = meanings[operation]?.(native?.variables.map(at) ?? [], rest) ?? []
    expect(expected).toHaveLength(outputs.length)
    for (const [k, value] of expected.entries()) expect(outputs[k]?.[i]).toBeCloseTo(value, 5)
  }
}

test.each([
  ['ResourceApplyAdam', adam({ learningRate: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 0.01 })],
  ['ResourceApplyMomentum', sgd({ learningRate: 0.1, momentum: 0.7 })],
])('%s stands for the step that it is', (operation, optimizer) => {
  expectSameAsNative(step(optimizer), operation)
})

test('the gradient of ReLU is one operation', () => {
  seen.length = 0
  tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d([-1, 2, 0]))
  expect(seen).toHaveLength(1)
  if (seen[0]) expectSameAsNative(seen[0], 'ReluGrad')
})

test('other programs, and the same with other numbers, stay as they are', () => {
  expect(step(sgd({ learningRate: 0.1 })).native).toBeUndefined()
  expect(step(sgd({ learningRate: 0.1, momentum: 0.7, nesterov: true })).native).toBeUndefined()
  realize(tf, select(greater(leaf(tf.ones([2])), 1), leaf(tf.zeros([2])), 0))
  expect(seen.at(-1)?.native).toBeUndefined()
  const adamStep = nativeSteps(tf).find(({ call }) => call([0.9, 0.1, 0.99, 0.01, 1, 1, 1])?.operation.endsWith('Adam'))
  expect(adamStep?.call([0.9, 0.2, 0.99, 0.01, 1, 1, 1])).toBeUndefined()
})
