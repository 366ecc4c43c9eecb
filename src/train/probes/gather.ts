import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'

/** Values of each step that stay on the device until they are read together. */
export interface Gathered {
  /** Adds the values of a step, a tensor of one axis, which is then its own to dispose. May be called in a tidy. */
  add(values: Tensor): void
  /** All values in their order, of one axis, and none are left. The caller disposes them. */
  take(): Tensor
  /** Reads them and leaves them. */
  read(): Promise<Float32Array>
  dispose(): void
}

/** So many tensors at most: some devices give even the smallest a buffer. */
const MOST = 256

export function gatherValues(tf: Tf): Gathered {
  let held: Tensor[] = []

  function join(): Tensor {
    const all = tf.keep(tf.tidy(() => tf.concat([tf.zeros([0]), ...held])))
    tf.dispose(held)
    held = []
    return all
  }

  return {
    add(values) {
      held.push(tf.keep(values))
      if (held.length > MOST) held = [join()]
    },
    take: join,
    async read() {
      held = [join()]
      return Float32Array.from((await held[0]?.data()) ?? [])
    },
    dispose: () => tf.dispose(held),
  }
}
