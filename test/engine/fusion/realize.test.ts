import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import {
  abs,
  add,
  compute,
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
  sign,
  sqrt,
  square,
  sub,
  sum,
  zerosLike,
} from '../../../src/engine/fusion/expression.ts'
import { realize, type Tree, tensorsIn } from '../../../src/engine/fusion/realize.ts'
import type { Engine, Tf } from '../../../src/study/engine.ts'
import { findEngine } from '../../helpers/engines.ts'
import { thrownBy } from '../../helpers/errors.ts'

const names = ['cpu', 'wasm', 'webgpu', 'tensorflow'] as const
type Name = (typeof names)[number]
const engines = new Map<Name, Engine>()
for (const name of names) {
  const engine = await findEngine(name)
  if (engine) engines.set(name, engine)
}

async function load(name: Name): Promise<Tf> {
  const tf = await engines.get(name)?.load()
  if (!tf) throw new Error(`no engine ${name}`)
  return tf
}

const valuesOf = (tree: Tree) => tensorsIn(tree).map((tensor) => [...tensor.dataSync()])

type Formula = (inputs: readonly Operand[]) => Operand
interface Case {
  readonly formula: Formula
  /** The same in double precision, for one element. */
  readonly value: (inputs: readonly number[]) => number
}

const unary: [(x: Operand) => Expression, (x: number) => number][] = [
  [neg, (x) => -x],
  [abs, Math.abs],
  [square, (x) => x * x],
  [(x) => sqrt(abs(x)), (x) => Math.sqrt(Math.abs(x))],
]
const binary: [(a: Operand, b: Operand) => Expression, (a: number, b: number) => number][] = [
  [add, (a, b) => a + b],
  [sub, (a, b) => a - b],
  [mul, (a, b) => a * b],
  [max, Math.max],
  [min, Math.min],
  [(a, b) => div(a, add(1, abs(b))), (a, b) => a / (1 + Math.abs(b))],
]

const { formula } = fc.letrec<{ formula: Case; input: Case; number: Case; unary: Case; binary: Case }>((tie) => ({
  formula: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('input'), tie('number'), tie('unary'), tie('binary')),
  input: fc.nat(3).map((i) => ({ formula: (x) => x[i] ?? 0, value: (x) => x[i] ?? 0 })),
  number: fc.integer({ min: -8, max: 8 }).map((n) => ({ formula: () => n / 4, value: () => n / 4 })),
  unary: fc.tuple(fc.constantFrom(...unary), tie('formula')).map(([[f, g], x]) => ({
    formula: (inputs) => f(x.formula(inputs)),
    value: (inputs) => g(x.value(inputs)),
  })),
  binary: fc.tuple(fc.constantFrom(...binary), tie('formula'), tie('formula')).map(([[f, g], a, b]) => ({
    formula: (inputs) => f(a.formula(inputs), b.formula(inputs)),
    value: (inputs) => g(a.value(inputs), b.value(inputs)),
  })),
}))

describe.each([...engines.keys()])('on %s', (name) => {
  test('any formula has the value of its arithmetic, at any size', async () => {
    const tf = await load(name)
    fc.assert(
      fc.property(formula, formula, fc.integer({ min: 0, max: 9 }), (first, second, size) => {
        const before = tf.memory().numTensors
        // The fourth input is a scalar, which serves all elements.
        const columns = [0, 1, 2].map((i) => Float32Array.from({ length: size }, (_, j) => ((i + 2) * (j - 3)) / 4))
        const tensors: Tensor[] = [...columns.map((values) => tf.tensor1d(values)), tf.scalar(0.75)]
        const inputs = tensors.map(leaf)
        const whole = (each: Case) => add(zerosLike(inputs[0] ?? fill([], 0)), each.formula(inputs))
        const result = realize(tf, [whole(first), whole(second)])
        const rows = Array.from({ length: size }, (_, j) => [...columns.map((column) => column[j] ?? 0), 0.75])
        for (const [i, each] of [first, second].entries()) {
          const actual = valuesOf(result)[i] ?? []
          expect(actual).toHaveLength(size)
          for (const [j, row] of rows.entries()) {
            const expected = each.value(row)
            expect(Math.abs((actual[j] ?? Number.NaN) - expected)).toBeLessThanOrEqual(
              2e-5 * Math.max(1, Math.abs(expected)),
            )
          }
        }
        tf.dispose([tensors, tensorsIn(result)])
        expect(tf.memory().numTensors).toBe(before)
      }),
      { numRuns: name === 'webgpu' ? 15 : 60 },
    )
  })

  test('comparisons choose', async () => {
    const tf = await load(name)
    const x = leaf(tf.tensor1d([-2, 0, 3, Number.POSITIVE_INFINITY]))
    const [one, two, three] = valuesOf(realize(tf, [sign(x), greater(x, 1), select(greater(x, 1), x, -7)]))
    expect(one).toEqual([-1, 0, 1, 1])
    expect(two).toEqual([0, 0, 1, 1])
    expect(three).toEqual([-7, -7, 3, Number.POSITIVE_INFINITY])
  })

  // WGSL lets a GPU assume that there is none.
  if (name !== 'webgpu') {
    test('NaN is no more than anything', async () => {
      const tf = await load(name)
      const x = leaf(tf.tensor1d([Number.NaN]))
      expect(valuesOf(realize(tf, [greater(x, 0), greater(0, x), sqrt(x)]))).toEqual([[0], [0], [Number.NaN]])
    })
  }

  test('sums are those of double precision, whatever is summed', async () => {
    const tf = await load(name)
    const values = Float32Array.from({ length: 10_007 }, (_, i) => Math.sin(i) + 0.5)
    const x = leaf(tf.tensor1d(values))
    const nothing = leaf(tf.tensor1d([]))
    const shared = add(x, 1)
    const formulas = [sum(square(x)), sum(shared), sum(x), sum(fill([3], 2)), sum(square(nothing)), sum(sum(shared))]
    const expected = [(v: number) => v * v, (v: number) => v + 1, (v: number) => v].map((f) =>
      values.reduce((total, value) => total + f(value), 0),
    )
    const sums = valuesOf(realize(tf, formulas)).map(([value = Number.NaN]) => value)
    for (const [i, value] of [...expected, 6, 0, expected[1] ?? 0].entries()) {
      expect(Math.abs((sums[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(2e-6 * Math.abs(value))
    }
  })

  test('what needs a whole tensor is computed on the way', async () => {
    const tf = await load(name)
    const [x, y] = [leaf(tf.tensor1d([3, 4])), leaf(tf.tensor2d([1, 2, 3, 4], [2, 2]))]
    const norm = sqrt(add(sum(square(x)), sum(square(y))))
    const rows = compute([2], [y], (ops, values) => ops.sum(values, 1))
    const result = realize(tf, { scaled: div(x, norm), again: { norm, rows: mul(rows, x) }, step: 7 })
    expect(result.step).toBe(7)
    const [scaled, total, product] = valuesOf(result)
    expect(total?.[0]).toBeCloseTo(Math.sqrt(55), 5)
    expect(scaled?.[1]).toBeCloseTo(4 / Math.sqrt(55), 5)
    expect(product).toEqual([9, 28])
  })
})

test('what shares a tensor is one program; all that is ready is one call of the kernel', async () => {
  const tf = await load('wasm')
  const [a, b, c] = [tf.ones([5]), tf.ones([5]), tf.ones([3])].map(leaf)
  if (!a || !b || !c) throw new Error('no tensors')
  const calls = vi.spyOn(tf.engine(), 'runKernel')
  const mean = add(mul(a, 0.9), b)
  realize(tf, [mean, mul(mean, 2), sub(b, a)])
  expect(calls).toHaveBeenCalledTimes(1)
  realize(tf, [mul(a, 2), mul(b, 2), mul(c, 2)])
  expect(calls).toHaveBeenCalledTimes(2)
  expect(calls.mock.calls[1]?.[2]).toMatchObject({ programs: Array(3).fill('mul(i0,n0)>0|x') })
  calls.mockRestore()
})

test('sums are taken in the pass over memory, and scalars of them once', async () => {
  const tf = await load('wasm')
  const [a, b] = [tf.ones([5]), tf.ones([3])].map(leaf)
  if (!a || !b) throw new Error('no tensors')
  const calls = vi.spyOn(tf.engine(), 'runKernel')
  const result = realize(
    tf,
    [a, b].map((x) => mul(x, div(2, sqrt(sum(square(x)))))),
  )
  expect(calls.mock.calls.map(([kernel]) => kernel)).toEqual(['ElementwiseSums', 'Elementwise', 'Elementwise'])
  expect(calls.mock.calls.at(-1)?.[2]).toMatchObject({ programs: Array(2).fill('mul(i0,i1)>0|xs') })
  calls.mockRestore()
  expect(valuesOf(result)[1]?.[0]).toBeCloseTo(2 / Math.sqrt(3), 6)
})

test('a leaf stays the tensor that it is, and a constant becomes one', async () => {
  const tf = await load('cpu')
  const tensor = tf.tensor1d([1, 2])
  const [same, filled] = tensorsIn(realize(tf, [leaf(tensor), fill([3], 2)]))
  expect(same).toBe(tensor)
  expect([...(filled?.dataSync() ?? [])]).toEqual([2, 2, 2])
})

test('shapes that differ, types other than float32, and wrong results of compute are refused', async () => {
  const tf = await load('cpu')
  const [a, b] = [leaf(tf.ones([2])), leaf(tf.ones([1, 2]))]
  expect(thrownBy(() => add(a, b))).toMatchObject({ code: 'model.invalid', value: [[2], [1, 2]] })
  expect(thrownBy(() => leaf(tf.ones([2], 'int32')))).toMatchObject({ code: 'model.invalid', value: 'int32' })
  expect(() =>
    realize(
      tf,
      compute([3], [a], (_, x) => x),
    ),
  ).toThrow(/not of the shape/)
})
