import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import type { Operation } from '../fusion/expression.ts'
import type { Program, Reference } from '../fusion/program.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls } from '../fusion/run-programs.ts'
import type { KernelContext } from './kernel-context.ts'
import { add, get, i32, locals, params, set, sub } from './wat.ts'

/** Fused elementwise arithmetic: each program is compiled when it first comes. */
export function elementwiseKernels({ tf, heap, compile }: KernelContext): Record<string, KernelFunc> {
  const compiled = new Map<string, (...args: number[]) => void>()

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

  return { [ELEMENTWISE]: (params) => kernelCalls(tf, params).flatMap(runCall) }
}

/** `elementwise(size, x0 …, y0 …, n0 …)`: addresses of inputs and outputs, then the program's numbers. */
export function elementwise(program: Program): string {
  const { scalars, numbers, lines, outputs } = program
  const count = <T>(length: number, make: (i: number) => T) => Array.from({ length }, (_, i) => make(i))
  const xs = scalars.map((_, i) => i)
  const ys = outputs.map((_, i) => i)
  const moving = [...xs.filter((i) => !scalars[i]).map((i) => `x${i}`), ...ys.map((i) => `y${i}`)]

  const body = (load: string, store: (i: number, value: string) => string) =>
    [
      ...xs.filter((i) => !scalars[i]).map((i) => set(`v${i}`, `(${load} ${get(`x${i}`)})`)),
      ...lines.map(({ operation, operands }, i) => set(`l${i}`, instruction(operation, operands))),
      ...ys.map((i) => store(i, get(`l${outputs[i]}`))),
    ].join('\n')
  const advance = (bytes: number) => moving.map((name) => set(name, add(get(name), i32(bytes)))).join('\n')

  return `
  (func (export "elementwise") ${params('size', ...xs.map((i) => `x${i}`), ...ys.map((i) => `y${i}`))} ${count(numbers, (i) => `(param $n${i} f32)`).join(' ')}
    ${locals('v128', [...xs.map((i) => `v${i}`), ...lines.map((_, i) => `l${i}`), ...count(numbers, (i) => `s${i}`)])}
    ${count(numbers, (i) => set(`s${i}`, `(f32x4.splat ${get(`n${i}`)})`)).join('\n')}
    ${xs.map((i) => (scalars[i] ? set(`v${i}`, `(v128.load32_splat ${get(`x${i}`)})`) : '')).join('\n')}
    (block $few (loop $four
      (br_if $few (i32.lt_u ${get('size')} ${i32(4)}))
      ${body('v128.load', (i, value) => `(v128.store ${get(`y${i}`)} ${value})`)}
      ${advance(16)}
      ${set('size', sub(get('size'), i32(4)))}
      (br $four)))
    (block $end (loop $one
      (br_if $end (i32.eqz ${get('size')}))
      ${body('v128.load32_zero', (i, value) => `(v128.store32_lane 0 ${get(`y${i}`)} ${value})`)}
      ${advance(4)}
      ${set('size', sub(get('size'), i32(1)))}
      (br $one))))`
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
