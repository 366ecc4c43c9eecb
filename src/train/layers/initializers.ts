import type { Random } from '../../numerics/random.ts'
import { sizeOf } from '../../numerics/size-of.ts'

/** Fresh values of a parameter, row-major; the last axis are its outputs, all others its inputs. */
export type Initializer = (shape: readonly number[], random: Random) => Float32Array

/** Normal with variance 2 / fan in: for ReLU. He et al., ICCV 2015, eq. 10. */
export const heNormal: Initializer = (shape, random) => normal(shape, 2 / fansOf(shape).in, random)

/** Uniform with the same variance. */
export const heUniform: Initializer = (shape, random) => uniform(shape, 2 / fansOf(shape).in, random)

/** Normal with variance 2 / (fan in + fan out): for sigmoid and tanh. Also called Xavier. Glorot and Bengio, AISTATS 2010. */
export const glorotNormal: Initializer = (shape, random) => normal(shape, glorot(shape), random)

/** Uniform within ±√(6 / (fan in + fan out)). Glorot and Bengio, AISTATS 2010, eq. 16. */
export const glorotUniform: Initializer = (shape, random) => uniform(shape, glorot(shape), random)

/** Normal with variance 1 / fan in, which keeps that of what is linear. LeCun et al., "Efficient BackProp", 1998, eq. 16. */
export const lecunNormal: Initializer = (shape, random) => normal(shape, 1 / fansOf(shape).in, random)

/** Uniform with the same variance. */
export const lecunUniform: Initializer = (shape, random) => uniform(shape, 1 / fansOf(shape).in, random)

/**
 * Orthonormal columns, or rows where there are more columns than inputs: lengths stay as they are through the layer, and
 * through the steps of a recurrent one. Uniform over such matrices (Mezzadri, Notices of the AMS 54, 2007).
 * Saxe et al., ICLR 2014.
 */
export const orthogonal: Initializer = (shape, random) => {
  const columns = shape.at(-1) ?? 1
  const rows = sizeOf(shape) / columns
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)]
  const vectors: Float64Array[] = []
  while (vectors.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal())
    // Twice is enough for all digits (Kahan and Parlett).
    for (let pass = 0; pass < 2; pass++) for (const other of vectors) subtract(vector, other, dot(vector, other))
    const norm = Math.sqrt(dot(vector, vector))
    vectors.push(vector.map((value) => value / norm))
  }
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return (rows < columns ? vectors[row]?.[column] : vectors[column]?.[row]) ?? 0
  })
}

/** By the names under which spaces offer them. */
export const INITIALIZERS = {
  heNormal,
  heUniform,
  glorotNormal,
  glorotUniform,
  lecunNormal,
  lecunUniform,
  orthogonal,
} as const satisfies Record<string, Initializer>

export type InitializerName = keyof typeof INITIALIZERS

export function zerosInit(shape: readonly number[]): Float32Array {
  return new Float32Array(sizeOf(shape))
}

export function onesInit(shape: readonly number[]): Float32Array {
  return zerosInit(shape).fill(1)
}

/** Normal with this deviation: how embeddings and positions begin. */
export function normalInit(deviation: number): Initializer {
  return (shape, random) => normal(shape, deviation ** 2, random)
}

function normal(shape: readonly number[], variance: number, random: Random): Float32Array {
  const deviation = Math.sqrt(variance)
  return Float32Array.from({ length: sizeOf(shape) }, () => deviation * random.normal())
}

function uniform(shape: readonly number[], variance: number, random: Random): Float32Array {
  const limit = Math.sqrt(3 * variance)
  return Float32Array.from({ length: sizeOf(shape) }, () => limit * (2 * random.next() - 1))
}

function glorot(shape: readonly number[]): number {
  const fans = fansOf(shape)
  return 2 / (fans.in + fans.out)
}

/** Of a convolution [height, width, inputs, outputs] the window counts for both. */
function fansOf(shape: readonly number[]): { readonly in: number; readonly out: number } {
  const size = sizeOf(shape)
  return { in: size / (shape.at(-1) ?? 1), out: size / (shape.at(-2) ?? 1) }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function subtract(from: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] ?? 0) - factor * (vector[i] ?? 0)
}
