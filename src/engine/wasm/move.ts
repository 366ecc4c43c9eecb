import type { KernelContext } from './kernel-context.ts'
import { add, get, i32, lines, locals, loop, mul, params, set, sub, transpose4 } from './wat.ts'

/** An axis that two arrays of 4-byte values share: its length, and how many values lie from one place to the next in each. */
export interface Axis {
  readonly length: number
  readonly from: number
  readonly to: number
}

/** From one address to another, the values at every place of the axes. A stride of 0 reads one value again and again. */
export type Move = (from: number, to: number, axes: readonly Axis[]) => void

const WORD = 4
/** Bytes from which on the machine's own way to copy pays its call. */
const LARGE = 2048

export function mover({ native }: Pick<KernelContext, 'native'>): Move {
  const planes = native('move')
  return (from, to, axes) => {
    if (axes.some(({ length }) => length === 0)) return
    moveAll(from, to, inOrder(axes))
  }

  function moveAll(from: number, to: number, axes: readonly Axis[]): void {
    if (axes.length <= 4) {
      const four = [...Array.from({ length: 4 - axes.length }, () => ONE), ...axes]
      planes(
        from,
        to,
        ...four.map(({ length }) => length),
        ...four.map((axis) => axis.from * WORD),
        ...four.map((axis) => axis.to * WORD),
      )
      return
    }
    const [first = ONE, ...rest] = axes
    for (let i = 0; i < first.length; i++) {
      moveAll(from + i * first.from * WORD, to + i * first.to * WORD, rest)
    }
  }
}

const ONE: Axis = { length: 1, from: 0, to: 0 }

/** As few axes as do, those along which values lie side by side last: first in what is written, then in what is read. */
function inOrder(axes: readonly Axis[]): Axis[] {
  const merged: Axis[] = []
  for (const axis of axes) {
    if (axis.length === 1) continue
    const outer = merged.at(-1)
    if (outer && outer.from === axis.from * axis.length && outer.to === axis.to * axis.length) {
      merged[merged.length - 1] = { length: outer.length * axis.length, from: axis.from, to: axis.to }
    } else merged.push(axis)
  }
  const written = toEnd(merged, ({ to }) => to === 1)
  const [last] = written.slice(-1)
  if (!last || last.from === 0 || last.from === 1) return written
  return [...toEnd(written.slice(0, -1), ({ from }) => from === 1), last]
}

/** The first axis of a kind moved behind all others. */
function toEnd(axes: readonly Axis[], which: (axis: Axis) => boolean): Axis[] {
  const at = axes.findIndex(which)
  return at < 0 ? [...axes] : [...axes.slice(0, at), ...axes.slice(at + 1), ...axes.slice(at, at + 1)]
}

/**
 * `move(from, to, n0, …, n3, f0, …, f3, t0, …, t3)`: four axes by length and stride in bytes. `$copy(from, to, bytes)`: a
 * multiple of 4 bytes that do not overlap, for other functions of the module.
 */
export function moveText(): string {
  return [copy(), plane(), transposed(), planes()].join('\n')
}

function copy(): string {
  const vectors = (count: number) =>
    lines(
      count,
      (i) =>
        `(v128.store offset=${16 * i} ${add(get('to'), get('at'))} (v128.load offset=${16 * i} ${add(get('from'), get('at'))}))`,
    )
  const rounds = (name: string, count: number) => `
    (block $end_${name} (loop $next_${name}
      (br_if $end_${name} (i32.gt_u ${add(get('at'), i32(16 * count))} ${get('bytes')}))
      ${vectors(count)}
      ${set('at', add(get('at'), i32(16 * count)))}
      (br $next_${name})))`
  return `
  (func $copy ${params('from', 'to', 'bytes')} ${locals('i32', ['at'])}
    (if (i32.ge_u ${get('bytes')} ${i32(LARGE)}) (then
      (memory.copy ${get('to')} ${get('from')} ${get('bytes')})
      (return)))
    ${rounds('four', 4)}
    ${rounds('one', 1)}
    (if (i32.eq ${get('at')} ${get('bytes')}) (then (return)))
    ;; The rest once more with what came before it, in one piece.
    (if (i32.ge_u ${get('bytes')} ${i32(16)}) (then
      ${set('at', sub(get('bytes'), i32(16)))}
      ${vectors(1)}
      (return)))
    ${loop('at', get('bytes'), WORD, `(i32.store ${add(get('to'), get('at'))} (i32.load ${add(get('from'), get('at'))}))`)})`
}

/** The two inner axes. */
function plane(): string {
  const row = (body: string) => `
      ${loop(
        'i',
        get('n2'),
        1,
        `
        ${body}
        ${set('from', add(get('from'), get('f2')))}
        ${set('to', add(get('to'), get('t2')))}`,
      )}
      (return)`
  const dense = (stride: string) => `(i32.eq ${get(stride)} ${i32(WORD)})`
  const store = (type: string, value: string) => `(${type}.store ${add(get('to'), get('at'))} ${get(value)})`
  return `
  (func $plane ${params('from', 'to', 'n2', 'n3', 'f2', 'f3', 't2', 't3')}
    ${locals('i32', ['i', 'j', 'at', 'x', 'bytes'])} ${locals('v128', ['four'])}
    ${set('bytes', mul(get('n3'), i32(WORD)))}
    (if (i32.and ${dense('f3')} ${dense('t3')}) (then ${row(`(call $copy ${get('from')} ${get('to')} ${get('bytes')})`)}))
    (if (i32.and (i32.eqz ${get('f3')}) ${dense('t3')}) (then ${row(`
        ${set('x', `(i32.load ${get('from')})`)}
        ${set('four', `(i32x4.splat ${get('x')})`)}
        ${set('at', i32(0))}
        (block $few (loop $many
          (br_if $few (i32.gt_u ${add(get('at'), i32(16))} ${get('bytes')}))
          ${store('v128', 'four')}
          ${set('at', add(get('at'), i32(16)))}
          (br $many)))
        (block $end (loop $one
          (br_if $end (i32.ge_u ${get('at')} ${get('bytes')}))
          ${store('i32', 'x')}
          ${set('at', add(get('at'), i32(WORD)))}
          (br $one)))`)}))
    (if (i32.and ${dense('f2')} ${dense('t3')}) (then
      (call $transpose ${['from', 'to', 'n2', 'n3', 'f3', 't2'].map(get).join(' ')})
      (return)))
    ${row(`
        ${loop('j', get('n3'), 1, `(i32.store ${add(get('to'), mul(get('j'), get('t3')))} (i32.load ${add(get('from'), mul(get('j'), get('f3')))}))`)}`)})`
}

/** A plane whose rows are read and whose columns are written side by side, in squares of four. */
function transposed(): string {
  const from = (j: string, i: string) => add(get('from'), add(mul(j, get('f3')), mul(i, i32(WORD))))
  const to = (i: string, j: string) => add(get('to'), add(mul(i, get('t2')), mul(j, i32(WORD))))
  const plus = (name: string, offset: number) => add(get(name), i32(offset))
  const one = (i: string, j: string) => `(i32.store ${to(i, j)} (i32.load ${from(j, i)}))`
  const whole = (count: string) => `(i32.and ${get(count)} ${i32(-4)})`
  return `
  (func $transpose ${params('from', 'to', 'n2', 'n3', 'f3', 't2')}
    ${locals('i32', ['i', 'j', 'k', 'wholeI', 'wholeJ'])} ${locals('v128', ['x0', 'x1', 'x2', 'x3', 'y0', 'y1', 'y2', 'y3'])}
    ${set('wholeI', whole('n2'))}
    ${set('wholeJ', whole('n3'))}
    ${loop(
      'i',
      get('wholeI'),
      4,
      `
      ${loop(
        'j',
        get('wholeJ'),
        4,
        `
        ${lines(4, (c) => set(`x${c}`, `(v128.load ${from(plus('j', c), get('i'))})`))}
        ${transpose4()}
        ${lines(4, (r) => `(v128.store ${to(plus('i', r), get('j'))} ${get(`x${r}`)})`)}`,
      )}
      (block $end (loop $rest
        (br_if $end (i32.ge_u ${get('j')} ${get('n3')}))
        ${lines(4, (r) => one(plus('i', r), get('j')))}
        ${set('j', plus('j', 1))}
        (br $rest)))`,
    )}
    (block $end (loop $rest
      (br_if $end (i32.ge_u ${get('i')} ${get('n2')}))
      ${loop('j', get('n3'), 1, one(get('i'), get('j')))}
      ${set('i', plus('i', 1))}
      (br $rest))))`
}

function planes(): string {
  const advance = (axis: number) => `
        ${set('from', add(get('from'), get(`f${axis}`)))}
        ${set('to', add(get('to'), get(`t${axis}`)))}`
  const each = (letter: string) => Array.from({ length: 4 }, (_, i) => `${letter}${i}`)
  return `
  (func (export "move") ${params('from', 'to', ...each('n'), ...each('f'), ...each('t'))} ${locals('i32', ['i', 'j'])}
    ${loop(
      'i',
      get('n0'),
      1,
      `
      ${loop(
        'j',
        get('n1'),
        1,
        `
        (call $plane ${['from', 'to', 'n2', 'n3', 'f2', 'f3', 't2', 't3'].map(get).join(' ')})
        ${advance(1)}`,
      )}
      ${set('from', sub(get('from'), mul(get('n1'), get('f1'))))}
      ${set('to', sub(get('to'), mul(get('n1'), get('t1'))))}
      ${advance(0)}`,
    )})`
}
