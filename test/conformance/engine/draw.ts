import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D } from '@tensorflow/tfjs-core'
import type { Random } from '../../../src/numerics/random.ts'

/** What an input of a case is made of: the same numbers on every engine. `T` is the tensor it becomes. */
export interface Draw<T extends Tensor = Tensor> {
  readonly shape: readonly number[]
  readonly dtype: T['dtype']
  values(random: Random): Float32Array | Int32Array
}

/** How many numbers, from which stream. */
export type Filling = (size: number, random: Random) => ArrayLike<number>

/** Standard normal: the filling of floats unless another is asked for. */
export const normal: Filling = (size, random) => Array.from({ length: size }, random.normal)

/**
 * Evenly spaced in (-1, 1) in random order, none of them zero, no two equal: for what has a kink where a value passes zero
 * or another value.
 */
export const apart: Filling = (size, random) => random.permutation(size).map((i) => (2 * i + 1.5 - size) / size)

/** Uniform in [0.5, 1.5): for roots, logarithms and divisors. */
export const positive: Filling = (size, random) => Array.from({ length: size }, () => 0.5 + random.next())

/** These very numbers. */
export const given =
  (...values: readonly number[]): Filling =>
  () =>
    values

/** A float32 input. */
export function floats(shape: readonly [], filling?: Filling): Draw<Tensor>
export function floats(shape: readonly [number], filling?: Filling): Draw<Tensor1D>
export function floats(shape: readonly [number, number], filling?: Filling): Draw<Tensor2D>
export function floats(shape: readonly [number, number, number], filling?: Filling): Draw<Tensor3D>
export function floats(shape: readonly [number, number, number, number], filling?: Filling): Draw<Tensor4D>
export function floats(shape: readonly [number, number, number, number, number], filling?: Filling): Draw<Tensor5D>
export function floats(shape: readonly number[], filling?: Filling): Draw<Tensor>
export function floats(shape: readonly number[], filling = normal): Draw<Tensor> {
  return { shape, dtype: 'float32', values: (random) => Float32Array.from(filling(sizeOf(shape), random)) }
}

/** An int32 input: uniform in [0, bound), or these very numbers. No gradient is taken for it. */
export function ints(shape: readonly [number], from: number | Filling): Draw<Tensor1D>
export function ints(shape: readonly number[], from: number | Filling): Draw<Tensor>
export function ints(shape: readonly number[], from: number | Filling): Draw<Tensor> {
  const filling: Filling =
    typeof from === 'function' ? from : (size, random) => Array.from({ length: size }, () => random.int(from))
  return { shape, dtype: 'int32', values: (random) => Int32Array.from(filling(sizeOf(shape), random)) }
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1)
}
