import type { NodeBackend } from './node-backend.ts'

/** More than an operation takes. */
const KEPT = 64

/** Gives TensorFlow's handle of a number. A step gives the same numbers to all parameters, and many to the next step too. */
export function createScalars({ binding }: NodeBackend): (value: number) => number {
  const scalars = new Map<number, number>()
  return (value) => {
    const id = scalars.get(value) ?? binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value))
    // Set anew, so that what is asked for now is the last to go.
    scalars.delete(value)
    scalars.set(value, id)
    const [oldest] = scalars
    if (oldest && scalars.size > KEPT) {
      scalars.delete(oldest[0])
      binding.deleteTensor(oldest[1])
    }
    return id
  }
}
