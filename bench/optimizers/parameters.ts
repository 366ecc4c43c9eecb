import { createRandom } from '../../src/numerics/random.ts'
import type { Tf } from '../../src/study/engine.ts'
import type { ParameterInfo } from '../../src/train/parameter.ts'

/** Of a dense network 784-512-512-512-10: 932,362 parameters in 8 tensors. The same in `peers/torch_optimizers.py`. */
const WIDTHS = [784, 512, 512, 512, 10]

export function parametersOf(tables: boolean): ParameterInfo[] {
  return WIDTHS.slice(1).flatMap((outputs, layer) => [
    { name: `${layer}/kernel`, role: tables ? 'embedding' : 'kernel', shape: [WIDTHS[layer] ?? 0, outputs] } as const,
    { name: `${layer}/bias`, role: 'bias', shape: [outputs] } as const,
  ])
}

/** Normal numbers, of the size that weights, or gradients, have. */
export function tensorsFor(tf: Tf, parameters: readonly ParameterInfo[], size: number, seed: number) {
  return parameters.map(({ name, shape }) => {
    const random = createRandom(seed, 0, name)
    const count = shape.reduce((product, length) => product * length, 1)
    return tf.tensor(
      Float32Array.from({ length: count }, () => size * random.normal()),
      [...shape],
    )
  })
}
