import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  abs,
  add,
  div,
  type Expression,
  fill,
  greater,
  leaf,
  max,
  min,
  mul,
  neg,
  type Operand,
  select,
  sqrt,
  square,
  sub,
  sum,
} from '../../../src/engine/fusion/expression.ts'
import { runOperations } from '../../../src/engine/fusion/operations.ts'
import { programOf } from '../../../src/engine/fusion/program.ts'
import { realize, tensorsIn } from '../../../src/engine/fusion/realize.ts'
import { SUMS } from '../../../src/engine/fusion/run-programs.ts'
import { findEngine } from '../../helpers/engines.ts'

const engine = await findEngine('tensorflow')
const tf = await engine?.load()
const isThere = tf?.getKernel(SUMS, 'tensorflow') !== undefined

/** What was read from each of the tensors. */
const valuesOf = (tensors: readonly Tensor[]) => tensors.map((tensor) => [...tensor.dataSync()])

const binary: ((a: Operand, b: Operand) => Expression)[] = [add, sub, mul, div, max, min, greater]
const unary: ((x: Operand) => Expression)[] = [neg, abs, (x) => sqrt(abs(x)), square]

type Formula = (inputs: readonly Operand[]) => Operand
const { formula } = fc.letrec<{ formula: Formula; one: Formula; two: Formula; choice: Formula; end: Formula }>(
  (tie) => ({
    formula: fc.oneof({ maxDepth: 5, depthSize: 'medium' }, tie('end'), tie('one'), tie('two'), tie('choice')),
    end: fc.oneof(
      fc.nat(3).map(
        (i): Formula =>
          (inputs) =>
            inputs[i] ?? 0,
      ),
      fc.float({ noNaN: true, min: -4, max: 4 }).map(
        (n): Formula =>
          () =>
            n,
      ),
    ),
    one: fc.tuple(fc.constantFrom(...unary), tie('formula')).map(
      ([f, x]): Formula =>
        (inputs) =>
          f(x(inputs)),
    ),
    two: fc.tuple(fc.constantFrom(...binary), tie('formula'), tie('formula')).map(
      ([f, a, b]): Formula =>
        (inputs) =>
          f(a(inputs), b(inputs)),
    ),
    choice: fc.tuple(tie('formula'), tie('formula'), tie('formula')).map(
      ([c, a, b]): Formula =>
        (inputs) =>
          select(greater(c(inputs), 0), a(inputs), b(inputs)),
    ),
  }),
)

describe.skipIf(!tf || !isThere)('the operation that runs programs', () => {
  if (!tf) return

  const columns = (size: number) =>
    [1, 2, 3].map((k) => tf.tensor1d(Float32Array.from({ length: size }, (_, i) => Math.sin(k * i + k))))

  test('puts out what single operations do, to the last bit, also over the memory of what is spent', () => {
    fc.assert(
      fc.property(
        formula,
        formula,
        fc.constantFrom(1, 3, 1023, 1024, 2500),
        fc.subarray([0, 1, 2]),
        (f, g, size, free) => {
          const before = tf.memory().numTensors
          const [inputs, copies] = [columns(size), columns(size)]
          const scalar = tf.scalar(0.75)
          const outputs = (tensors: Tensor[]) => {
            const leaves = [...tensors, scalar].map(leaf)
            // Of a tensor each, so that they are programs; and each of all tensors, so that they are one.
            return [f, g].map((each) =>
              tensors.reduce<Expression>((x, y) => add(x, leaf(y)), add(fill([size], 0), each(leaves))),
            )
          }
          const expected = valuesOf(runOperations(tf, programOf(outputs(copies), new Map())))
          const spent = free.flatMap((i) => inputs[i] ?? [])
          const result = tensorsIn(realize(tf, outputs(inputs), spent))
          expect(valuesOf(result)).toEqual(expected)
          tf.dispose([inputs, copies, scalar, result])
          expect(tf.memory().numTensors).toBe(before + 2)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('passes NaN through max and min from either side, and no further than comparisons do', () => {
    const [x, y] = [leaf(tf.tensor1d([Number.NaN, 1, Number.NaN])), leaf(tf.tensor1d([1, Number.NaN, Number.NaN]))]
    const result = realize(tf, [max(x, y), min(x, y), max(x, 2), min(2, x), greater(x, y), select(x, 1, 2)])
    const [NaNs, some] = [
      [NaN, NaN, NaN],
      [NaN, 2, NaN],
    ]
    expect(valuesOf(tensorsIn(result))).toEqual([NaNs, NaNs, some, [NaN, 1, NaN], [0, 0, 0], [1, 1, 1]])
  })

  test('writes over what is spent, unless anybody else holds its memory', () => {
    const increase = (tensor: Tensor, ...spent: Tensor[]) => tensorsIn(realize(tf, add(leaf(tensor), 1), spent))
    const make = () => tf.tensor2d(new Float32Array(4000), [40, 100])
    const holders: ((tensor: Tensor) => Tensor | undefined)[] = [
      (tensor) => tensor.clone(),
      (tensor) => tf.reshape(tensor, [4000]),
      (tensor) => tf.slice(tensor, [8, 0], [16, 100]),
      (tensor) => tf.expandDims(tensor, 0),
      (tensor) => tf.unstack(tensor)[3],
      (tensor) => tf.variable(tensor),
    ]
    for (const hold of holders) {
      const tensor = make()
      const holder = hold(tensor)
      const [result] = increase(tensor, tensor)
      expect(new Set(result?.dataSync())).toEqual(new Set([1]))
      expect(new Set(holder?.dataSync())).toEqual(new Set([0]))
      // Nor does what is spent itself, if it is part of something else.
      const whole = make()
      const part = hold(whole)
      if (part) increase(part, part)
      expect(new Set(whole.dataSync())).toEqual(new Set([0]))
    }
    const [kept, spent] = [make(), make()]
    increase(kept)
    increase(spent, spent)
    expect([kept, spent].map((tensor) => tensor.dataSync()[0])).toEqual([0, 1])
  })

  test('takes programs without elements, without numbers and of scalars', () => {
    const [none, one] = [leaf(tf.zeros([0, 3])), leaf(tf.scalar(3))]
    const [empty, scalar, sums] = tensorsIn(realize(tf, [add(none, none), mul(one, one), sum(mul(none, none))]))
    expect([empty?.shape, scalar?.shape, sums?.shape]).toEqual([[0, 3], [], []])
    expect(valuesOf([empty, scalar, sums].flatMap((each) => each ?? []))).toEqual([[], [9], [0]])
  })
})
