import type { Random } from '../../../src/numerics/random.ts'
import { sizeOf } from '../../../src/numerics/size-of.ts'
import type { Start, Values } from './model.ts'

/** Prime, so that repeating so many numbers gives no two rows the same. */
const DRAWN = 65_521

/** Standard normal numbers; a few are drawn and repeated, since the largest data set has millions. */
export function normals(shape: number[], random: Random): Values {
  const drawn = Float32Array.from({ length: DRAWN }, () => random.normal())
  return {
    shape,
    dtype: 'float32',
    values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => drawn[i % DRAWN] ?? 0),
  }
}

/** Integers in [0, bound). */
export function integers(shape: number[], bound: number, random: Random): Values {
  return { shape, dtype: 'int32', values: Int32Array.from({ length: sizeOf(shape) }, () => random.int(bound)) }
}

/** Normal weights with variance 2 / inputs, and zero biases, for each of `biases` a vector of the last dimension. */
export function layer(random: Random, shape: number[], biases = 1): Start[] {
  const units = shape.at(-1) ?? 1
  const scale = Math.sqrt((2 * units) / sizeOf(shape))
  const kernel = Float32Array.from({ length: sizeOf(shape) }, () => scale * random.normal())
  return [{ shape, values: kernel }, ...Array.from({ length: biases }, () => constant(units, 0))]
}

/** A vector of one number. */
export function constant(length: number, value: number): Start {
  return { shape: [length], values: new Float32Array(length).fill(value) }
}
