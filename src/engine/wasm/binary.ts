import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { FOUR, type Lanes, ONE } from './lanes.ts'
import { WORD } from './shape.ts'
import { add, floats, get, i32, lines, locals, loop, params, set, sub } from './wat.ts'

/** Kernels by the instruction that compares. */
const COMPARISONS = {
  Greater: 'gt',
  GreaterEqual: 'ge',
  Less: 'lt',
  LessEqual: 'le',
  Equal: 'eq',
  NotEqual: 'ne',
} as const
const CHOICES = { Maximum: 'max', Minimum: 'min' } as const
/** Powers that are quicker and as precise as products. */
const HIGHEST_POWER = 4
/** Numbers that are compared in one round, and bytes that make up the copies of a scalar. */
const ROUND = 16
const COPIES = ROUND * WORD

/**
 * Functions of two numbers that the back end computes one by one: comparisons, maxima and minima of float32 tensors of one
 * shape or with a scalar, and powers by a small whole number. It keeps what broadcasts otherwise.
 */
export function binaryKernels({ heap, native, stock }: KernelContext): Record<string, KernelFunc> {
  const floatsAt = (address: number, length: number) => new Float32Array(heap.memory.buffer, address, length)

  /** Runs a function of the module on both operands, a scalar as copies that are read again and again. */
  function paired(kernel: string, dtype: 'float32' | 'bool'): KernelFunc {
    const others = stock(kernel)
    const compute = native(kernel)
    return (call) => {
      const [a, b] = [input(call.inputs, 'a'), input(call.inputs, 'b')]
      const shape = sizeOf(b.shape) === 1 && b.shape.length <= a.shape.length ? a.shape : b.shape
      if (a.dtype !== 'float32' || b.dtype !== 'float32' || ![a, b].every((each) => fits(each, shape)))
        return others(call)
      const y = heap.output(shape, dtype)
      return heap.borrow(2 * COPIES, (copies) => {
        const operands = [a, b].map((each, i) => {
          if (sizeOf(each.shape) !== 1) return [heap.address(each), 1] as const
          const copy = copies + i * COPIES
          floatsAt(copy, ROUND).fill(floatsAt(heap.address(each), 1)[0] ?? 0)
          return [copy, 0] as const
        })
        const [from, steps] = [operands.map(([address]) => address), operands.map(([, step]) => step)]
        compute(...from, heap.address(y), sizeOf(shape), ...steps)
        return y
      })
    }
  }

  const fits = (tensor: TensorInfo, shape: readonly number[]) =>
    sizeOf(tensor.shape) === 1 ? tensor.shape.length <= shape.length : String(tensor.shape) === String(shape)
  const powers = stock('Pow')
  const power = native('Pow')
  return {
    ...Object.fromEntries(Object.keys(COMPARISONS).map((kernel) => [kernel, paired(kernel, 'bool')])),
    ...Object.fromEntries(Object.keys(CHOICES).map((kernel) => [kernel, paired(kernel, 'float32')])),

    Pow(call) {
      const [x, exponent] = [input(call.inputs, 'a'), input(call.inputs, 'b')]
      if (x.dtype !== 'float32' || exponent.dtype !== 'float32' || exponent.shape.length > 0) return powers(call)
      const [count = 0] = floatsAt(heap.address(exponent), 1)
      if (!Number.isInteger(count) || count < 0 || count > HIGHEST_POWER) return powers(call)
      const y = heap.output(x.shape)
      power(heap.address(x), heap.address(y), sizeOf(x.shape) * WORD, count)
      return y
    },
  }
}

/**
 * `Greater(a, b, y, count, aStep, bStep)` and so on, under the names of the kernels: a step of 1 goes on to the next numbers
 * of an operand, one of 0 stays at its first 16. `Pow(x, y, bytes, count)`: x as often as that multiplied by itself.
 */
export function binaryText(): string {
  return [
    ...Object.entries(COMPARISONS).map(([kernel, operation]) => compare(kernel, operation)),
    ...Object.entries(CHOICES).map(([kernel, operation]) => choose(kernel, operation)),
    power(),
  ].join('\n')
}

/** Rounds of 16 numbers, then of one. */
function rounds(kernel: string, locally: string, sixteen: string, one: string, outBytes: number): string {
  const advance = (numbers: number) => `
      ${['a', 'b'].map((name) => set(name, add(get(name), `(i32.mul ${get(`${name}Step`)} ${i32(numbers * WORD)})`))).join(' ')}
      ${set('y', add(get('y'), i32(numbers * outBytes)))}
      ${set('count', sub(get('count'), i32(numbers)))}`
  return `
  (func (export "${kernel}") ${params('a', 'b', 'y', 'count', 'aStep', 'bStep')} ${locally}
    (block $few (loop $many
      (br_if $few (i32.lt_u ${get('count')} ${i32(ROUND)}))
      ${sixteen}
      ${advance(ROUND)}
      (br $many)))
    (block $end (loop $one
      (br_if $end (i32.eqz ${get('count')}))
      ${one}
      ${advance(1)}
      (br $one))))`
}

const both = (operation: string, { load }: Lanes, offset = 0) =>
  `(f32x4.${operation} ${['a', 'b'].map((name) => load(add(get(name), i32(offset)))).join(' ')})`

function compare(kernel: string, operation: string): string {
  const narrow = (type: string, a: string, b: string) => `(${type}_s ${a} ${b})`
  const pair = (i: number) =>
    narrow('i16x8.narrow_i32x4', both(operation, FOUR, 32 * i), both(operation, FOUR, 32 * i + 16))
  const sixteen = `(v128.and ${narrow('i8x16.narrow_i16x8', pair(0), pair(1))} (v128.const i32x4 ${'0x01010101 '.repeat(4)}))`
  const single = `(f32.${operation} (f32.load ${get('a')}) (f32.load ${get('b')}))`
  return rounds(kernel, '', `(v128.store ${get('y')} ${sixteen})`, `(i32.store8 ${get('y')} ${single})`, 1)
}

function choose(kernel: string, operation: string): string {
  const sixteen = lines(4, (i) => `(v128.store offset=${16 * i} ${get('y')} ${both(operation, FOUR, 16 * i)})`)
  return rounds(kernel, '', sixteen, ONE.store(get('y'), both(operation, ONE)), WORD)
}

function power(): string {
  const body = ({ load, store }: Lanes) => `
      ${set('base', load(add(get('x'), get('at'))))}
      ${set('product', '(v128.const f32x4 1 1 1 1)')}
      ${loop('i', get('count'), 1, set('product', `(f32x4.mul ${get('product')} ${get('base')})`))}
      ${store(add(get('y'), get('at')), get('product'))}`
  return `
  (func (export "Pow") ${params('x', 'y', 'bytes', 'count')} ${locals('i32', ['at', 'i'])} ${locals('v128', ['base', 'product'])}
    ${floats('at', get('bytes'), body(FOUR), body(ONE))})`
}
