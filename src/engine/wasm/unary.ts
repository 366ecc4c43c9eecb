import type { KernelFunc } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { FOUR, type Lanes, ONE } from './lanes.ts'
import { WORD } from './shape.ts'
import { add, floats, get, i32, locals, params, set } from './wat.ts'

/**
 * Functions of single numbers that the back end computes one by one, four at a time. Relative errors are below 3e-7, but for
 * erf, whose error is absolute, as on the cpu engine.
 */
export function unaryKernels({ heap, native, stock }: KernelContext): Record<string, KernelFunc> {
  const kernels = Object.keys(FUNCTIONS).map((kernel): [string, KernelFunc] => {
    const others = stock(kernel)
    const compute = native(kernel)
    return [
      kernel,
      (call) => {
        const x = input(call.inputs, 'x')
        if (x.dtype !== 'float32') return others(call)
        const y = heap.output(x.shape)
        compute(heap.address(x), heap.address(y), sizeOf(x.shape) * WORD, Number(call.attrs?.alpha ?? 0))
        return y
      },
    ]
  })
  return Object.fromEntries(kernels)
}

/** `Exp(x, y, bytes, alpha)` and so on, under the names of the kernels. */
export function unaryText(): string {
  return Object.entries(FUNCTIONS)
    .map(([name, body]) => {
      const all = ({ load, store }: Lanes) => `
        ${set('x', load(add(get('from'), get('at'))))}
        ${body}
        ${store(add(get('to'), get('at')), get('y'))}`
      return `
  (func (export "${name}") ${params('from', 'to', 'bytes')} (param $alpha f32)
    ${locals('i32', ['at'])} ${locals('v128', ['x', 'y', 'a', 'b', 'n', 'r', 'size'])}
    ${floats('at', get('bytes'), all(FOUR), all(ONE))})`
    })
    .join('\n')
}

/** A number four times; -0 is its sign bit. */
const splat = (value: number) => `(v128.const f32x4 ${`${Object.is(value, -0) ? '-0' : value} `.repeat(4)})`
const binary = (operation: string) => (a: string, b: string) => `(f32x4.${operation} ${a} ${b})`
const plus = binary('add')
const minus = binary('sub')
const times = binary('mul')
const over = binary('div')
const negated = (a: string) => `(f32x4.neg ${a})`
const fused = (a: string, b: string, c: string) => `(f32x4.relaxed_madd ${a} ${b} ${c})`
/** A polynomial in a local, by its coefficients from the highest power to the lowest. */
const polynomial = (local: string, coefficients: readonly number[]) =>
  coefficients.map(splat).reduce((value, coefficient) => fused(value, get(local), coefficient))
const where = (condition: string, yes: string, no: string) => `(v128.bitselect ${yes} ${no} ${condition})`

/** `to` = e^a, by way of n and r: a = n ln 2 + r, and e^r by the polynomial of Cephes (Moshier 1989). */
function exponential(to: string): string {
  const powerOfTwo = (exponent: string) =>
    `(i32x4.shl (i32x4.add ${exponent} (v128.const i32x4 127 127 127 127)) ${i32(23)})`
  return `
  ${set('a', `(f32x4.pmin (f32x4.pmax ${get('a')} ${splat(-104)}) ${splat(89)})`)}
  ${set('n', `(f32x4.nearest ${times(get('a'), splat(Math.LOG2E))})`)}
  ${set('r', fused(get('n'), splat(-0.693359375), get('a')))}
  ${set('r', fused(get('n'), splat(2.1219444e-4), get('r')))}
  ${set(to, polynomial('r', [1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 0.16666665459, 0.50000001201, 1, 1]))}
  ${set('n', `(i32x4.relaxed_trunc_f32x4_s ${get('n')})`)}
  ;; In two steps, since 2^n itself may be too large or too small a number.
  ${set('r', `(i32x4.shr_s ${get('n')} ${i32(1)})`)}
  ${set(to, times(times(get(to), powerOfTwo(get('r'))), powerOfTwo(`(i32x4.sub ${get('n')} ${get('r')})`)))}`
}

/** y = f(x) in the text format. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Exp: `
  ${set('a', get('x'))}
  ${exponential('y')}`,

  // Cephes: 1 - 2 / (e^2x + 1), and a polynomial where that cancels.
  Tanh: `
  ${set('size', `(f32x4.abs ${get('x')})`)}
  ${set('a', plus(get('size'), get('size')))}
  ${exponential('b')}
  ${set('b', minus(splat(1), over(splat(2), plus(get('b'), splat(1)))))}
  ${set('b', `(v128.or ${get('b')} (v128.and ${get('x')} ${splat(-0)}))`)}
  ${set('a', times(get('x'), get('x')))}
  ${set('y', times(polynomial('a', [-5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 0.133314422036, -0.333332819422]), get('a')))}
  ${set('y', where(`(f32x4.gt ${get('size')} ${splat(0.625)})`, get('b'), fused(get('y'), get('x'), get('x'))))}`,

  // Abramowitz and Stegun 7.1.26, as on the cpu engine; the series where that cancels.
  Erf: `
  ${set('size', `(f32x4.abs ${get('x')})`)}
  ${set('a', negated(times(get('x'), get('x'))))}
  ${exponential('b')}
  ${set('a', over(splat(1), fused(get('size'), splat(0.3275911), splat(1))))}
  ${set('b', times(get('b'), times(get('a'), polynomial('a', [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592]))))}
  ${set('b', `(v128.or ${minus(splat(1), get('b'))} (v128.and ${get('x')} ${splat(-0)}))`)}
  ${set('a', times(get('x'), get('x')))}
  ${set('y', times(times(get('x'), splat(2 / Math.sqrt(Math.PI))), polynomial('a', [-1 / 1320, 1 / 216, -1 / 42, 1 / 10, -1 / 3, 1])))}
  ${set('y', where(`(f32x4.gt ${get('size')} ${splat(0.5)})`, get('b'), get('y')))}`,

  LeakyRelu: `
  ${set('a', times(get('x'), `(f32x4.splat ${get('alpha')})`))}
  ${set('y', where(`(f32x4.lt ${get('x')} ${splat(0)})`, get('a'), get('x')))}`,

  // max(x, 0) + log(1 + e^-|x|), where log(1 + b) = 2 artanh(b / (2 + b)) and the argument is a third at most.
  Softplus: `
  ${set('a', negated(`(f32x4.abs ${get('x')})`))}
  ${exponential('b')}
  ${set('r', over(get('b'), plus(get('b'), splat(2))))}
  ${set('a', times(get('r'), get('r')))}
  ${set('b', polynomial('a', [1 / 15, 1 / 13, 1 / 11, 1 / 9, 1 / 7, 1 / 5, 1 / 3, 1]))}
  ${set('y', fused(plus(get('r'), get('r')), get('b'), `(f32x4.max ${get('x')} ${splat(0)})`))}`,
}
