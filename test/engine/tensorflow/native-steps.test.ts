import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { greater, leaf, select } from '../../../src/engine/fusion/expression.ts'
import { runOperations } from '../../../src/engine/fusion/operations.ts'
import type { Call } from '../../../src/engine/fusion/program.ts'
import { realize } from '../../../src/engine/fusion/realize.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls } from '../../../src/engine/fusion/run-programs.ts'
import { createCallRunner } from '../../../src/engine/tensorflow/elementwise.ts'
import type { NativeCall } from '../../../src/engine/tensorflow/native-steps/native-step.ts'
import { nativeSteps } from '../../../src/engine/tensorflow/native-steps.ts'
import type { Tf } from '../../../src/study/engine.ts'
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamw,
  amsgrad,
  applyGradients,
  ftrl,
  nadam,
  nadamw,
  radam,
  rmsprop,
  sgd,
  startOptimizer,
  type Transformation,
} from '../../../src/train/index.ts'
import { findEngine } from '../../helpers/engines.ts'
import { simulate } from './training-operations.ts'

interface Hyperparameters {
  readonly learningRate: number
  readonly first: number
  readonly second: number
  readonly epsilon: number
  readonly weightDecay: number
}

/** What stands for optimizers, and how many of the numbers in their programs cannot change alone. */
const STEPS: readonly [names: string, bound: number, make: (given: Hyperparameters) => Transformation][] = [
  ['Adam', 4, ({ first, second, ...rest }) => adam({ ...rest, beta1: first, beta2: second })],
  ['Adam', 4, ({ first, second, ...rest }) => radam({ ...rest, beta1: first, beta2: 1 - (1 - second) / 8 })],
  ['Adam GradientDescent', 4, ({ first, second, ...rest }) => adamw({ ...rest, beta1: first, beta2: second })],
  ['Adam AdagradV2', 4, ({ first, second, ...rest }) => nadam({ ...rest, beta1: first, beta2: second })],
  [
    'Adam AdagradV2 GradientDescent',
    4,
    ({ first, second, ...rest }) => nadamw({ ...rest, beta1: first, beta2: second }),
  ],
  ['AdamWithAmsgrad', 4, ({ first, second, ...rest }) => amsgrad({ ...rest, beta1: first, beta2: second })],
  ['Adam', 2, ({ learningRate, first, epsilon }) => rmsprop({ learningRate, decay: first, epsilon })],
  [
    'RMSProp',
    2,
    ({ learningRate, first, epsilon }) => rmsprop({ learningRate, decay: first, epsilon, epsilonInside: true }),
  ],
  ['AdagradV2', 0, ({ learningRate, epsilon }) => adagrad({ learningRate, epsilon })],
  ['Adadelta', 6, ({ learningRate, first, epsilon }) => adadelta({ learningRate, decay: first, epsilon })],
  ['Momentum', 0, ({ learningRate, first }) => sgd({ learningRate, momentum: first })],
  ['Momentum', 2, ({ learningRate, first }) => sgd({ learningRate, momentum: first, nesterov: true })],
  [
    'Momentum GradientDescent GradientDescent',
    0,
    ({ learningRate, first, weightDecay }) => sgd({ learningRate, momentum: first, weightDecay }),
  ],
  [
    'Momentum GradientDescent GradientDescent',
    2,
    ({ learningRate, first, weightDecay }) => sgd({ learningRate, momentum: first, weightDecay, nesterov: true }),
  ],
  [
    'FtrlV2',
    6,
    ({ learningRate, epsilon, first, second }) => ftrl({ learningRate, beta: epsilon, l1: first / 10, l2: second }),
  ],
]

const USUAL: Hyperparameters = { learningRate: 0.1, first: 0.875, second: 0.96875, epsilon: 1e-3, weightDecay: 0.1 }

interface Seen extends Pick<Call, 'program' | 'numbers'> {
  /** What stands for the program, if anything does. */
  readonly native: NativeCall | undefined
  readonly inputs: number[][]
  /** As single operations of tf compute them. */
  readonly outputs: number[][]
  /** As the engine does. */
  readonly results: number[][]
}

const seen: Seen[] = []
const valuesOf = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])

/**
 * Has the kernel of the engine in use note what it is called to do.
 * @param run what does that, by default single operations of tf
 */
function watch(tf: Tf, run: (call: KernelCall) => Tensor[] = (call) => runOperations(tf, call)): void {
  const backendName = tf.getBackend()
  const steps = new Map(nativeSteps(tf).map((step) => [step.key, step]))
  if (tf.getKernel(ELEMENTWISE, backendName)) tf.unregisterKernel(ELEMENTWISE, backendName)
  tf.registerKernel({
    kernelName: ELEMENTWISE,
    backendName,
    kernelFunc(params) {
      return kernelCalls(tf, params).flatMap((call) => {
        const native = steps.get(call.program.key)?.call(call.numbers)
        const inputs = valuesOf(call.inputs)
        const outputs = valuesOf(runOperations(tf, call))
        const results = run(call)
        seen.push({ ...call, native, inputs, outputs, results: valuesOf(results) })
        // TensorFlow writes into variables: not into what they were made of.
        expect(valuesOf(call.inputs)).toEqual(inputs)
        return results
      })
    },
  })
}

/** Steps of an optimizer from some parameters, kernels as these have axes. */
function train(tf: Tf, optimizer: Transformation, shapes: number[][], steps: number): void {
  const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed)
  const params = shapes.map((shape, i) => random(shape, i + 1))
  const about = shapes.map((shape, i) => ({ name: String(i), role: 'kernel' as const, shape }))
  let optimized = startOptimizer(tf, optimizer, params, about)
  for (let step = 1; step <= steps; step++) {
    const gradients = shapes.map((shape, i) => random(shape, 100 * step + i))
    optimized = applyGradients(tf, optimizer, optimized, gradients)
  }
}

const namesOf = (native: NativeCall | undefined) =>
  native?.operations.map(({ name }) => name.replace('ResourceApply', '')).join(' ')

/** Within a millionth of what is largest in each tensor, before or after. */
function expectClose(actual: readonly number[], expected: readonly number[], before: readonly number[]): void {
  const largest = Math.max(...[...expected, ...before].map(Math.abs))
  for (const [i, value] of expected.entries()) {
    expect(Math.abs((actual[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(1e-6 * largest + 1e-30)
  }
}

/** What the operations do to each element is what the program returned. */
function expectSimulated(native: NativeCall, inputs: readonly number[][], outputs: readonly number[][]): void {
  const after = (outputs[0] ?? []).map((_, i) =>
    simulate(
      native,
      inputs.map((values) => values[i] ?? Number.NaN),
    ),
  )
  for (const [k, output] of outputs.entries()) {
    const simulated = after.map((values) => values[k] ?? Number.NaN)
    expectClose(simulated, output, inputs[native.variables[k] ?? 0] ?? [])
  }
}

function lastSeen(): Seen {
  const last = seen.at(-1)
  if (last) return last
  throw new Error('the kernel was not called')
}

let cpu: Tf
beforeAll(async () => {
  cpu = await (await createEngine('cpu')).load()
  watch(cpu)
})

const hyperparameters = fc.record({
  learningRate: fc.double({ min: 1e-3, max: 1, noNaN: true }),
  first: fc.double({ min: 0.01, max: 0.999, noNaN: true }),
  second: fc.double({ min: 0, max: 0.999, noNaN: true }),
  epsilon: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  weightDecay: fc.double({ min: 1e-4, max: 0.1, noNaN: true }),
})

test.each(STEPS)('%s stands for the step that it is, whatever the hyperparameters', (names, _, make) => {
  fc.assert(
    fc.property(hyperparameters, (given) => {
      seen.length = 0
      cpu.tidy(() => train(cpu, make(given), [[7]], 8))
      const { native, inputs, outputs } = lastSeen()
      expect(namesOf(native)).toBe(names)
      if (native) expectSimulated(native, inputs, outputs)
    }),
    { numRuns: 15 },
  )
})

test('the gradient of ReLU is one operation', () => {
  seen.length = 0
  cpu.grad((x) => cpu.sum(cpu.relu(x)))(cpu.tensor1d([-1, 2, 0]))
  expect(seen).toHaveLength(1)
  expect(seen[0]?.inputs[0]).toEqual([0, 2, 0])
  const operation = { name: 'ReluGrad', targets: [], rest: [{ input: 1 }, { input: 0 }] }
  expect(seen[0]?.native).toEqual({ variables: [], operations: [operation] })
})

const learningRate = 0.1
test.each<[string, Transformation]>([
  ['gradient descent', sgd({ learningRate })],
  ['momentum with the rate inside', sgd({ learningRate, momentum: 0.7, rateInside: true })],
  ['centred RMSProp', rmsprop({ learningRate, centered: true })],
  ['corrected RMSProp', rmsprop({ learningRate, corrected: true })],
  ['RMSProp with momentum', rmsprop({ learningRate, momentum: 0.7 })],
  ['AdaGrad with ε inside', adagrad({ learningRate, epsilonInside: true })],
  // TensorFlow adds ε to the largest, not to what the largest is of.
  ['AdaMax', adamax({ learningRate })],
  ['FTRL whose rate changes', ftrl({ learningRate: (step) => 0.1 / (step + 1) })],
])('nothing stands for %s', (_, optimizer) => {
  seen.length = 0
  cpu.tidy(() => train(cpu, optimizer, [[3]], 2))
  expect(seen.at(-1)).toMatchObject({ native: undefined })
})

test.each(STEPS)('%s stands for no step with other numbers unless it is that', (_, bound, make) => {
  seen.length = 0
  cpu.tidy(() => train(cpu, make(USUAL), [[7]], 8))
  const { program, numbers, inputs } = lastSeen()
  const step = nativeSteps(cpu).find(({ key }) => key === program.key)
  const refused = numbers.filter((number, i) => {
    const others = numbers.with(i, 1.25 * number + 0.01)
    const native = step?.call(others)
    if (!native) return true
    const outputs = cpu.tidy(() => {
      const tensors = inputs.map((values) => cpu.tensor1d(values))
      return valuesOf(runOperations(cpu, { program, inputs: tensors, numbers: others, shape: [7] }))
    })
    expectSimulated(native, inputs, outputs)
    return false
  })
  expect(refused).toHaveLength(bound)
})

test('nothing stands for the gradient of ReLU at another threshold', () => {
  realize(cpu, select(greater(leaf(cpu.ones([2])), 1), leaf(cpu.zeros([2])), 0))
  expect(seen.at(-1)?.native).toBeUndefined()
})

const engine = await findEngine('tensorflow')
describe.skipIf(!engine)('on TensorFlow', () => {
  let tf: Tf
  beforeAll(async () => {
    if (engine) tf = await engine.load()
    watch(tf, createCallRunner(tf))
  })

  // Betas of few digits, since TensorFlow computes 1 - β in float32.
  test.each(STEPS)('%s does what single operations do', (names, _, make) => {
    seen.length = 0
    tf.tidy(() => train(tf, make(USUAL), [[3, 5], [], [1], [257], [2, 1, 0]], 6))
    expect(seen.filter(({ native }) => namesOf(native) === names).length).toBeGreaterThan(0)
    for (const { native, inputs, outputs, results } of seen) {
      expect(results).toHaveLength(outputs.length)
      for (const [k, output] of outputs.entries()) {
        expectClose(results[k] ?? [], output, inputs[native?.variables[k] ?? 0] ?? [])
      }
    }
  })
})
