import type { Tf } from '../../study/engine.ts'
import { add, div, type Expression, greater, leaf, mul, select, sqrt, square } from '../fusion/expression.ts'
import { programOf } from '../fusion/program.ts'

/** An operation of TensorFlow that does what a program does. */
export interface NativeCall {
  readonly operation: string
  /**
   * Which inputs of the program it takes as variables, which it updates in place, and in which order; their new values are
   * the program's outputs. Without any, the operation returns the output.
   */
  readonly variables: readonly number[]
  /** Its further inputs: numbers, or inputs of the program. */
  readonly rest: readonly (number | { readonly input: number })[]
}

export interface NativeStep {
  /** The program that it can stand for. */
  readonly key: string
  /** Undefined when the program's numbers are not those of the operation. */
  call(numbers: readonly number[]): NativeCall | undefined
}

/** Steps of optimizers, and a gradient, that TensorFlow has as single operations, as programs. */
export function nativeSteps(tf: Tf): NativeStep[] {
  return [adamStep(tf), momentumStep(tf), reluGradient(tf)]
}

/** p ← p + r f m / (√s + ε) with m ← β₁ m + (1-β₁) g, s ← β₂ s + (1-β₂) g²: Adam, its corrections in f and ε. */
function adamStep(tf: Tf): NativeStep {
  const { key, place, order } = locate(tf, 4, 7, ([p, m, s, g]) => {
    const mean = add(mul(m, 1), mul(g, 2))
    const squares = add(mul(s, 3), mul(square(g), 4))
    return [add(p, mul(div(mul(mean, 5), add(sqrt(squares), 6)), 7)), mean, squares]
  })
  return {
    key,
    call(numbers) {
      const [b1 = 0, c1 = 0, b2 = 0, c2 = 0, factor = 0, epsilon = 0, rate = 0] = order.map((i) => numbers[i])
      if (!isComplement(b1, c1) || !isComplement(b2, c2)) return undefined
      // The powers of the betas are given as zero: their correction is in the factor and epsilon already.
      const rest = [0, 0, -rate * factor, b1, b2, epsilon, { input: place[3] ?? 0 }]
      return { operation: 'ResourceApplyAdam', variables: place.slice(0, 3), rest }
    },
  }
}

/** p ← p + r v with v ← μ v + g: gradient descent with momentum. */
function momentumStep(tf: Tf): NativeStep {
  const { key, place, order } = locate(tf, 3, 2, ([p, v, g]) => {
    const velocity = add(mul(v, 1), g)
    return [add(p, mul(velocity, 2)), velocity]
  })
  return {
    key,
    call(numbers) {
      const [momentum = 0, rate = 0] = order.map((i) => numbers[i])
      const rest = [-rate, { input: place[2] ?? 0 }, momentum]
      return { operation: 'ResourceApplyMomentum', variables: place.slice(0, 2), rest }
    },
  }
}

/** dy where x > 0, else 0. */
function reluGradient(tf: Tf): NativeStep {
  const { key, place } = locate(tf, 2, 1, ([dy, x]) => [select(greater(x, 0), dy, 0)])
  const [dy = 0, x = 0] = place
  const call: NativeCall = { operation: 'ReluGrad', variables: [], rest: [{ input: dy }, { input: x }] }
  return { key, call: (numbers) => (numbers.every((number) => number === 0) ? call : undefined) }
}

type Leaves = readonly [Expression, Expression, Expression, Expression]

/** A formula's key; where its program has its leaves among its inputs, and the numbers 1, 2, … among its numbers. */
function locate(tf: Tf, leaves: number, numbers: number, formula: (leaves: Leaves) => Expression[]) {
  return tf.tidy(() => {
    const tensors = [tf.zeros([1]), tf.zeros([1]), tf.zeros([1]), tf.zeros([1])] as const
    const [p, q, r, s] = tensors
    const expressions: Leaves = [leaf(p), leaf(q), leaf(r), leaf(s)]
    const call = programOf(formula(expressions), new Map(expressions.map((each, i) => [each, tensors[i] ?? p])))
    return {
      key: call.program.key,
      place: tensors.slice(0, leaves).map((tensor) => call.inputs.indexOf(tensor)),
      order: Array.from({ length: numbers }, (_, i) => call.numbers.indexOf(i + 1)),
    }
  })
}

function isComplement(beta: number, rest: number): boolean {
  return Math.abs(1 - beta - rest) < 1e-12
}
