import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import {
  add,
  type Expression,
  fill,
  greater,
  leaf,
  mul,
  select,
  sign,
  square,
  sub,
} from '../../../src/engine/fusion/expression.ts'
import { programOf } from '../../../src/engine/fusion/program.ts'
import { operationPlan } from '../../../src/engine/tensorflow/operation-plan.ts'

const tf = await (await createEngine('cpu')).load()
const [x, y] = [leaf(tf.tensor1d([1, 2])), leaf(tf.tensor1d([3, 4]))]

function planOf(...outputs: Expression[]) {
  const known = new Map(
    [x, y].flatMap((each) => (each.node.kind === 'tensor' ? [[each, each.node.tensor] as const] : [])),
  )
  const { program, numbers } = programOf(outputs, known)
  return operationPlan(
    program,
    numbers.map((number) => number === 0),
  )
}

const namesOf = (...outputs: Expression[]) => planOf(...outputs).steps.map(({ operation }) => operation)

test('signs and squares are single operations', () => {
  expect(namesOf(sign(x))).toEqual(['Sign'])
  expect(namesOf(square(x))).toEqual(['Square'])
  expect(namesOf(mul(x, y))).toEqual(['Mul'])
})

test('what is only nearly a sign is not taken for one', () => {
  const single = ['Greater', 'Cast', 'Greater', 'Cast', 'Sub']
  expect(namesOf(sub(greater(x, 0), greater(0, y)))).toEqual(single)
  expect(namesOf(sub(greater(x, 0), greater(1, x)))).toEqual(single)
  expect(namesOf(sub(greater(x, 1), greater(0, x)))).toEqual(single)
  expect(namesOf(sub(greater(0, x), greater(x, 0)))).toEqual(single)
  expect(namesOf(add(greater(x, 0), greater(0, x)))).toEqual([...single.slice(0, -1), 'AddV2'])
})

test('comparisons are numbers only where they are counted with', () => {
  const isAbove = greater(x, y)
  expect(namesOf(select(isAbove, x, 0))).toEqual(['Greater', 'SelectV2'])
  expect(namesOf(select(isAbove, mul(isAbove, x), 0))).toEqual(['Greater', 'Cast', 'Mul', 'SelectV2'])
  expect(namesOf(select(x, y, 0))).toEqual(['NotEqual', 'SelectV2'])
  expect(namesOf(isAbove)).toEqual(['Greater', 'Cast'])
})

test('a value is freed after its last use, results are not', () => {
  const product = mul(x, y)
  const total = add(product, x)
  const { steps, outputs } = planOf(total, mul(sub(total, product), product))
  expect(steps.map(({ operation, spent }) => [operation, spent])).toEqual([
    ['Mul', []],
    ['AddV2', []],
    ['Sub', []],
    ['Mul', [0, 2]],
  ])
  expect(outputs).toEqual([1, 3])
})

test('a result that others are computed from is computed once', () => {
  const isAbove = greater(x, fill([], 2))
  const { steps, outputs } = planOf(isAbove, select(isAbove, x, y))
  expect(steps.map(({ operation }) => operation)).toEqual(['Greater', 'Cast', 'SelectV2'])
  expect(outputs).toEqual([1, 2])
})
