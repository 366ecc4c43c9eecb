import type { CrossLayer } from './cross.ts'
import { dense, denseParameters } from './dense.ts'
import { lecunNormal } from './initializers.ts'

/** DCN-V2: x₀ ⊙ (x W + b) + x, with kernel W [width, width] and bias b [width]. Wang et al., WWW 2021, eq. 1. */
export const crossFull: CrossLayer = {
  parameters: (name, width) => denseParameters(name, width, width, lecunNormal),
  apply: (forward, name, x0, x) => forward.tf.add(forward.tf.mul(x0, dense(forward, name, x)), x),
}
