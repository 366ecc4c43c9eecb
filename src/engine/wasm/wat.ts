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
export const locals = (type: 'i32' | 'f32' | 'v128', names: readonly string[]): string =>
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
