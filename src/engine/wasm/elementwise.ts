import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import type { Operation } from '../fusion/expression.ts'
import type { Program, Reference } from '../fusion/program.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls, SUMS } from '../fusion/run-programs.ts'
import type { KernelContext } from './kernel-context.ts'
import { add, get, i32, locals, params, set, sub } from './wat.ts'

/** Elements whose sums are added up in single precision. */
const SUMMED = 4096

/** Fused elementwise arithmetic: each program is compiled when it first comes. */
export function elementwiseKernels({ tf, heap, compile }: KernelContext): Record<string, KernelFunc> {
  const compiled = new Map<string, (...args: number[]) => void>()
  const summing = new Map<string, (...args: number[]) => void>()

  function runCall({ program, inputs, numbers, shape, spent }: KernelCall): TensorInfo[] {
    const run = compiled.get(program.key) ?? compile(elementwise(program))('elementwise')
    compiled.set(program.key, run)
    // Everything at one place is read before anything is written there. Less memory is touched, by up to a half.
    const free = spent.flatMap((i) => (inputs[i] && heap.isUnshared(inputs[i]) ? [inputs[i]] : []))
    const addresses = inputs.map(heap.address)
    const outputs = program.outputs.map(() => {
      const tensor = free.pop()
      return tensor ? heap.takeOver(tensor, [...shape]) : heap.output(shape)
    })
    run(sizeOf(shape), ...addresses, ...outputs.map(heap.address), ...numbers)
    return outputs
  }

  function sumCall({ program, inputs, numbers, shape }: KernelCall): TensorInfo[] {
    const run = summing.get(program.key) ?? compile(elementwiseSums(program))('sums')
    summing.set(program.key, run)
    const addresses = inputs.map(heap.address)
    const size = sizeOf(shape)
    const sums = program.outputs.map(() => 0)
    heap.borrow(16 * sums.length, (at) => {
      for (let start = 0; start < size; start += SUMMED) {
        const places = addresses.map((address, i) => (program.scalars[i] ? address : address + 4 * start))
        run(Math.min(SUMMED, size - start), ...places, at, ...numbers)
        const lanes = new Float32Array(heap.memory.buffer, at, 4 * sums.length)
        for (const [i, lane] of lanes.entries()) sums[i >> 2] = (sums[i >> 2] ?? 0) + lane
      }
    })
    return sums.map((sum) => {
      const tensor = heap.output([])
      new Float32Array(heap.memory.buffer, heap.address(tensor), 1)[0] = sum
      return tensor
    })
  }

  return {
    [ELEMENTWISE]: (params) => kernelCalls(tf, params).flatMap(runCall),
    [SUMS]: (params) => kernelCalls(tf, params).flatMap(sumCall),
  }
}

/** `elementwise(size, x0 …, y0 …, n0 …)`: addresses of inputs and outputs, then the program's numbers. */
export function elementwise(program: Program): string {
  const ys = program.outputs.map((_, i) => `y${i}`)
  return overElements('elementwise', program, ys, {
    moving: ys,
    four: (i, value) => `(v128.store ${get(`y${i}`)} ${value})`,
    one: (i, value) => `(v128.store32_lane 0 ${get(`y${i}`)} ${value})`,
  })
}

/** `sums(size, x0 …, to, n0 …)`: of each output four numbers at `to`, whose sum is that of all its elements. */
export function elementwiseSums(program: Program): string {
  const sums = program.outputs.map((_, i) => `a${i}`)
  const addTo = (i: number, value: string) => set(`a${i}`, `(f32x4.add ${get(`a${i}`)} ${value})`)
  return overElements('sums', program, ['to'], {
    moving: [],
    locals: sums,
    four: addTo,
    one: (i, value) => addTo(i, `(v128.and ${value} (v128.const i32x4 -1 0 0 0))`),
    after: sums.map((sum, i) => `(v128.store offset=${16 * i} ${get('to')} ${get(sum)})`).join('\n'),
  })
}

interface Elements {
  /** The addresses that go on from element to element, besides those of inputs. */
  readonly moving: readonly string[]
  /** Vectors that begin as zeros. */
  readonly locals?: readonly string[]
  /** What is done with four values of an output, and with one that is left over, in the first lane. */
  four(output: number, value: string): string
  one(output: number, value: string): string
  /** What is done at last. */
  readonly after?: string
}

/** A function of the number of elements, addresses of inputs, the addresses `to`, and the program's numbers. */
function overElements(name: string, program: Program, to: readonly string[], each: Elements): string {
  const { scalars, numbers, lines, outputs } = program
  const count = <T>(length: number, make: (i: number) => T) => Array.from({ length }, (_, i) => make(i))
  const xs = scalars.map((_, i) => i)
  const moving = [...xs.filter((i) => !scalars[i]).map((i) => `x${i}`), ...each.moving]
  const vectors = [...xs.map((i) => `v${i}`), ...lines.map((_, i) => `l${i}`), ...count(numbers, (i) => `s${i}`)]

  const body = (load: string, use: Elements['one']) =>
    [
      ...xs.filter((i) => !scalars[i]).map((i) => set(`v${i}`, `(${load} ${get(`x${i}`)})`)),
      ...lines.map(({ operation, operands }, i) => set(`l${i}`, instruction(operation, operands))),
      ...outputs.map((line, i) => use(i, get(`l${line}`))),
    ].join('\n')
  const advance = (bytes: number) => moving.map((address) => set(address, add(get(address), i32(bytes)))).join('\n')

  return `
  (func (export "${name}") ${params('size', ...xs.map((i) => `x${i}`), ...to)} ${count(numbers, (i) => `(param $n${i} f32)`).join(' ')}
    ${locals('v128', [...vectors, ...(each.locals ?? [])])}
    ${count(numbers, (i) => set(`s${i}`, `(f32x4.splat ${get(`n${i}`)})`)).join('\n')}
    ${xs.map((i) => (scalars[i] ? set(`v${i}`, `(v128.load32_splat ${get(`x${i}`)})`) : '')).join('\n')}
    (block $few (loop $four
      (br_if $few (i32.lt_u ${get('size')} ${i32(4)}))
      ${body('v128.load', each.four)}
      ${advance(16)}
      ${set('size', sub(get('size'), i32(4)))}
      (br $four)))
    (block $end (loop $one
      (br_if $end (i32.eqz ${get('size')}))
      ${body('v128.load32_zero', each.one)}
      ${advance(4)}
      ${set('size', sub(get('size'), i32(1)))}
      (br $one)))
    ${each.after ?? ''})`
}

const INSTRUCTIONS = {
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
  max: 'f32x4.max',
  min: 'f32x4.min',
  neg: 'f32x4.neg',
  abs: 'f32x4.abs',
  sqrt: 'f32x4.sqrt',
} as const

function instruction(operation: Operation, operands: readonly Reference[]): string {
  const values = operands.map(({ from, index }) => get(`${{ input: 'v', number: 's', line: 'l' }[from]}${index}`))
  const [a = '', b = '', c = ''] = values
  const splat = (value: number) => `(f32x4.splat (f32.const ${value}))`
  if (operation === 'greater') return `(v128.and (f32x4.gt ${a} ${b}) ${splat(1)})`
  if (operation === 'select') return `(v128.bitselect ${b} ${c} (f32x4.ne ${a} ${splat(0)}))`
  return `(${INSTRUCTIONS[operation]} ${values.join(' ')})`
}
