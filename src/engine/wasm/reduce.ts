import type { KernelFunc } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { axesOf } from './attributes.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { WORD } from './shape.ts'
import { add, floats, get, i32, lines, locals, loop, min, mul, params, set, sub } from './wat.ts'

/**
 * Sums, means, maxima and minima over any axes. The back end's own transpose the tensor unless the axes are its last ones,
 * and the gradient of a bias is a sum over the first.
 */
export function reduceKernels({ heap, native, stock }: KernelContext): Record<string, KernelFunc> {
  const divide = native('divide')
  const means = stock('Mean')
  const sum = reducing('sum', 'axis', stock('Sum'))

  /** A kernel that reduces float32 over the axes of an attribute, and leaves other types to another. */
  function reducing(name: string, attribute: string, others: KernelFunc): KernelFunc {
    const reduce = native(name)
    return (call) => {
      const x = input(call.inputs, 'x')
      if (x.dtype !== 'float32') return others(call)
      const axes = axesOf(call.attrs, attribute, x.shape.length)
      let result = heap.share(x)
      for (const { outer, length, inner } of stepsOf(x.shape, axes)) {
        const before = result
        result = heap.output([outer, inner])
        reduce(heap.address(before), heap.address(result), outer, length, inner * WORD, blockOf(length, inner))
        heap.dispose(before)
      }
      const shape = x.shape.flatMap((length, axis) => {
        if (!axes.has(axis)) return [length]
        return call.attrs?.keepDims === true ? [1] : []
      })
      return { ...result, shape }
    }
  }

  return {
    Sum: sum,
    Max: reducing('maximum', 'reductionIndices', stock('Max')),
    Min: reducing('minimum', 'axis', stock('Min')),

    Mean(call) {
      const x = input(call.inputs, 'x')
      const result = x.dtype === 'float32' ? sum(call) : means(call)
      if (x.dtype !== 'float32' || Array.isArray(result)) return result
      const size = sizeOf(result.shape)
      const count = sizeOf(x.shape) / size
      if (count > 1) divide(heap.address(result), size * WORD, count)
      return result
    },
  }
}

/** The reduction of [outer, length, inner] to [outer, inner]. */
interface Step {
  readonly outer: number
  readonly length: number
  readonly inner: number
}

/** Neighbouring axes that are reduced are one step, the last ones first. */
function stepsOf(shape: readonly number[], axes: ReadonlySet<number>): Step[] {
  const steps: Step[] = []
  let inner = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (!axes.has(axis)) {
      inner *= shape[axis] ?? 1
      continue
    }
    let length = shape[axis] ?? 1
    while (axes.has(axis - 1)) length *= shape[--axis] ?? 1
    if (length !== 1) steps.push({ outer: sizeOf(shape.slice(0, axis)), length, inner })
  }
  return steps
}

/** Vectors that one round takes in. */
const WIDTH = 4
const LEAST_BLOCK = 64

/**
 * Rows, or rounds within one, that are added up by themselves before they are added to the rest: as many as there are then
 * such blocks, so that rounding errors grow with the root of the length at most.
 */
function blockOf(length: number, inner: number): number {
  return Math.max(LEAST_BLOCK, Math.ceil(Math.sqrt(inner === 1 ? length / (4 * WIDTH) : length)))
}

/**
 * `sum(x, y, outer, length, innerBytes, block)`: y [outer, inner] from x [outer, length, inner]; likewise `maximum` and
 * `minimum`.
 * `divide(x, bytes, by)`: floats, in place.
 */
export function reduceText(): string {
  const at = add(get('x'), get('at'))
  return `
  ${reduce('sum', 'add', '0')}
  ${reduce('maximum', 'max', '-inf')}
  ${reduce('minimum', 'min', 'inf')}
  (func (export "divide") ${params('x', 'bytes')} (param $by f32) ${locals('i32', ['at'])}
    ${floats(
      'at',
      get('bytes'),
      `(v128.store ${at} (f32x4.div (v128.load ${at}) (f32x4.splat ${get('by')})))`,
      `(f32.store ${at} (f32.div (f32.load ${at}) ${get('by')}))`,
    )})`
}

function reduce(name: string, operation: string, identity: string): string {
  const vector = (a: string, b: string) => `(f32x4.${operation} ${a} ${b})`
  const scalar = (a: string, b: string) => `(f32.${operation} ${a} ${b})`
  const none = `(v128.const f32x4 ${identity} ${identity} ${identity} ${identity})`
  return [within(name, vector, scalar, none, identity), across(name, vector, scalar, none, identity), both(name)].join(
    '\n',
  )
}

type Combine = (a: string, b: string) => string

/** Rows of numbers side by side: each row to one number. */
function within(name: string, vector: Combine, scalar: Combine, none: string, identity: string): string {
  const sums = Array.from({ length: WIDTH }, (_, i) => `v${i}`)
  const at = add(get('x'), get('at'))
  const take = (i: number) => set(`v${i}`, vector(get(`v${i}`), `(v128.load offset=${16 * i} ${at})`))
  const rounds = (label: string, vectors: number, end: string) => `
        (block $end_${label} (loop $next_${label}
          (br_if $end_${label} (i32.gt_u ${add(get('at'), i32(16 * vectors))} ${end}))
          ${lines(vectors, take)}
          ${set('at', add(get('at'), i32(16 * vectors)))}
          (br $next_${label})))`
  const lanes = [0, 1, 2, 3].map((lane) => `(f32x4.extract_lane ${lane} ${get('total')})`)
  return `
  (func $${name}Within ${params('x', 'y', 'outer', 'bytes', 'block')}
    ${locals('i32', ['o', 'at', 'end'])} ${locals('f32', ['rest'])} ${locals('v128', ['total', ...sums])}
    ${loop(
      'o',
      get('outer'),
      1,
      `
      ${set('total', none)}
      ${set('rest', `(f32.const ${identity})`)}
      ${set('at', i32(0))}
      (block $few (loop $blocks
        (br_if $few (i32.lt_u ${sub(get('bytes'), get('at'))} ${i32(16)}))
        ${sums.map((sum) => set(sum, none)).join(' ')}
        ${set('end', add(get('at'), min(mul(get('block'), i32(WIDTH * 16)), sub(get('bytes'), get('at')))))}
        ${rounds('wide', WIDTH, get('end'))}
        ${rounds('narrow', 1, get('end'))}
        ${set('total', vector(get('total'), sums.map(get).reduce(vector)))}
        (br $blocks)))
      (block $end (loop $one
        (br_if $end (i32.ge_u ${get('at')} ${get('bytes')}))
        ${set('rest', scalar(get('rest'), `(f32.load ${at})`))}
        ${set('at', add(get('at'), i32(WORD)))}
        (br $one)))
      (f32.store ${get('y')} ${[get('rest'), ...lanes].reduce(scalar)})
      ${set('y', add(get('y'), i32(WORD)))}
      ${set('x', add(get('x'), get('bytes')))}`,
    )})`
}

/** Rows to one row, `inner` bytes long. */
function across(name: string, vector: Combine, scalar: Combine, none: string, identity: string): string {
  const sums = Array.from({ length: WIDTH }, (_, i) => `v${i}`)
  const to = add(get('y'), get('at'))
  const rows = (body: string) => `
          ${set('from', add(get('x'), get('at')))}
          ${loop('r', get('rows'), 1, `${body} ${set('from', add(get('from'), get('inner')))}`)}`
  const columns = (label: string, vectors: number) => `
        (block $end_${label} (loop $next_${label}
          (br_if $end_${label} (i32.gt_u ${add(get('at'), i32(16 * vectors))} ${get('inner')}))
          ${lines(vectors, (i) => set(`v${i}`, none))}
          ${rows(lines(vectors, (i) => set(`v${i}`, vector(get(`v${i}`), `(v128.load offset=${16 * i} ${get('from')})`))))}
          ${lines(vectors, (i) => `(v128.store offset=${16 * i} ${to} ${vector(`(v128.load offset=${16 * i} ${to})`, get(`v${i}`))})`)}
          ${set('at', add(get('at'), i32(16 * vectors)))}
          (br $next_${label})))`
  return `
  (func $${name}Across ${params('x', 'y', 'outer', 'length', 'inner', 'block')}
    ${locals('i32', ['o', 'at', 'r', 'done', 'rows', 'from'])} ${locals('f32', ['s'])} ${locals('v128', sums)}
    ${loop(
      'o',
      get('outer'),
      1,
      `
      ${floats('at', get('inner'), `(v128.store ${to} ${none})`, `(f32.store ${to} (f32.const ${identity}))`)}
      ${set('done', i32(0))}
      (block $end_blocks (loop $next_block
        (br_if $end_blocks (i32.ge_u ${get('done')} ${get('length')}))
        ${set('rows', min(get('block'), sub(get('length'), get('done'))))}
        ${set('at', i32(0))}
        ${columns('wide', WIDTH)}
        ${columns('narrow', 1)}
        (block $end (loop $one
          (br_if $end (i32.ge_u ${get('at')} ${get('inner')}))
          ${set('s', `(f32.const ${identity})`)}
          ${rows(set('s', scalar(get('s'), `(f32.load ${get('from')})`)))}
          (f32.store ${to} ${scalar(`(f32.load ${to})`, get('s'))})
          ${set('at', add(get('at'), i32(WORD)))}
          (br $one)))
        ${set('x', add(get('x'), mul(get('rows'), get('inner'))))}
        ${set('done', add(get('done'), get('rows')))}
        (br $next_block)))
      ${set('y', add(get('y'), get('inner')))}`,
    )})`
}

function both(name: string): string {
  return `
  (func (export "${name}") ${params('x', 'y', 'outer', 'length', 'inner', 'block')}
    (if (i32.eq ${get('inner')} ${i32(WORD)})
      (then (call $${name}Within ${get('x')} ${get('y')} ${get('outer')} ${mul(get('length'), i32(WORD))} ${get('block')}))
      (else (call $${name}Across ${['x', 'y', 'outer', 'length', 'inner', 'block'].map(get).join(' ')}))))`
}
