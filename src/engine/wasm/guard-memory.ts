import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { outOfMemory } from '../device-error.ts'

/** More than this a tensor cannot be; the allocator answers what is close to its 32 bits, or beyond, with some address. */
const MOST_BYTES = 2 ** 32 - 2 ** 24

/**
 * Makes the wasm back end say so when its 4 GB are used up. It takes the address 0, which stands for that, for any other, and
 * tensors would overwrite each other there.
 */
export function guardMemory(tf: Tf): void {
  const wasm = objectIn(tf.findBackend('wasm'), 'wasm')
  // Emscripten's own `_malloc` replaces itself when it is called first.
  const malloc: unknown = Reflect.get(objectIn(wasm, 'asm'), 'malloc')
  if (typeof malloc !== 'function') throw unexpected()
  Reflect.set(wasm, '_malloc', (bytes: number): unknown => {
    const address: unknown = bytes > MOST_BYTES ? 0 : malloc(bytes)
    if (address === 0 && bytes > 0) throw outOfMemory({ value: `${bytes} bytes for one tensor` })
    return address
  })
}

function objectIn(holder: object | null, name: string): object {
  const found: unknown = holder && Reflect.get(holder, name)
  if (typeof found === 'object' && found !== null) return found
  throw unexpected()
}

function unexpected(): DynotuneError {
  return new DynotuneError('internal', 'The wasm back end is not laid out as that of TensorFlow.js 4.22.')
}
