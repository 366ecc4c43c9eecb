import { DynotuneError } from '../../errors.ts'

/*
 * Kernels are written in WebAssembly's text format, from templates, since what makes them fast is unrolling. Everything
 * below returns text.
 */

export const get = (local: string): string => `(local.get $${local})`
export const set = (local: string, value: string): string => `(local.set $${local} ${value})`
export const i32 = (value: number): string => `(i32.const ${value})`
export const add = (a: string, b: string): string => `(i32.add ${a} ${b})`
export const sub = (a: string, b: string): string => `(i32.sub ${a} ${b})`
export const mul = (a: string, b: string): string => `(i32.mul ${a} ${b})`
export const params = (...names: readonly string[]): string => names.map((name) => `(param $${name} i32)`).join(' ')
export const locals = (type: 'i32' | 'f32' | 'f64' | 'v128', names: readonly string[]): string =>
  names.map((name) => `(local $${name} ${type})`).join(' ')
export const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n')
export const min = (a: string, b: string): string => `(select ${a} ${b} (i32.lt_u ${a} ${b}))`

/** `for (counter = 0; counter < end; counter += step) body`, unsigned. `end` is evaluated before every round. */
export function loop(counter: string, end: string, step: number, body: string): string {
  return `
    ${set(counter, i32(0))}
    (block $end_${counter} (loop $next_${counter}
      (br_if $end_${counter} (i32.ge_u ${get(counter)} ${end}))
      ${body}
      ${set(counter, add(get(counter), i32(step)))}
      (br $next_${counter})))`
}

/**
 * Over `bytes` bytes of floats, `at` counting them: `four` for every whole group of four floats, then `one` for each that is
 * left. `bytes` is evaluated before every round.
 */
export function floats(at: string, bytes: string, four: string, one: string): string {
  const rounds = (name: string, size: number, body: string) => `
    (block $end_${name}_${at} (loop $next_${name}_${at}
      (br_if $end_${name}_${at} (i32.gt_u ${add(get(at), i32(size))} ${bytes}))
      ${body}
      ${set(at, add(get(at), i32(size)))}
      (br $next_${name}_${at})))`
  return `${set(at, i32(0))} ${rounds('four', 16, four)} ${rounds('one', 4, one)}`
}

/** Transposes the 4 x 4 block in the vectors x0 … x3, by way of y0 … y3. */
export function transpose4(): string {
  const shuffle = (to: string, a: string, b: string, lanes: readonly number[]) =>
    set(
      to,
      `(i8x16.shuffle ${lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte)).join(' ')} ${get(a)} ${get(b)})`,
    )
  return [
    shuffle('y0', 'x0', 'x1', [0, 4, 1, 5]),
    shuffle('y1', 'x2', 'x3', [0, 4, 1, 5]),
    shuffle('y2', 'x0', 'x1', [2, 6, 3, 7]),
    shuffle('y3', 'x2', 'x3', [2, 6, 3, 7]),
    shuffle('x0', 'y0', 'y1', [0, 1, 4, 5]),
    shuffle('x1', 'y0', 'y1', [2, 3, 6, 7]),
    shuffle('x2', 'y2', 'y3', [0, 1, 4, 5]),
    shuffle('x3', 'y2', 'y3', [2, 3, 6, 7]),
  ].join('\n')
}

/**
 * Compiles functions in text format, `(func (export "name") …)`, into a module that works on an existing memory, and
 * returns how to get at those that it exports.
 */
export type Compile = (functions: string) => (name: string) => (...args: number[]) => void

export async function createCompiler(memory: WebAssembly.Memory): Promise<Compile> {
  const wabt = await (await import('wabt')).default()
  return (functions) => {
    const text = `(module (memory (import "host" "memory") 1) ${functions})`
    const parsed = wabt.parseWat('kernels', text, { simd: true, relaxed_simd: true, bulk_memory: true })
    try {
      const { buffer } = parsed.toBinary({})
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(buffer)), { host: { memory } })
      return (name) => {
        const found = exports[name]
        if (!isFunction(found)) throw new DynotuneError('internal', `The kernel module exports no "${name}".`)
        return found
      }
    } finally {
      parsed.destroy()
    }
  }
}

function isFunction(value: unknown): value is (...args: number[]) => void {
  return typeof value === 'function'
}
