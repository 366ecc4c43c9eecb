import type { Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import { createEngines } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { read } from '../../conformance/engine/compute.ts'
import { differences } from '../../conformance/engine/differences.ts'

const engines = createEngines()
/** Of what is as large as the largest. Sums of some hundred products of normal numbers stay below it. */
const TOLERANCE = 1e-5

/** Expects the wasm engine to compute what the cpu engine does, and to leave nothing behind. */
export async function expectAsOnCpu(compute: (tf: Tf) => Tensor[], tolerance = TOLERANCE): Promise<void> {
  const [expected, actual] = [await run('cpu', compute), await run('wasm', compute)]
  expect(actual).toHaveLength(expected.length)
  expect(expected.flatMap((contents, i) => differences(actual[i], contents, tolerance))).toEqual([])
}

async function run(name: 'cpu' | 'wasm', compute: (tf: Tf) => Tensor[]) {
  const tf = await (await engines(name)).engine.load()
  const held = () => [tf.backend().numDataIds(), tf.memory().numTensors]
  const before = held()
  const tensors = tf.tidy(() => compute(tf))
  const contents = await Promise.all(tensors.map(read))
  tf.dispose(tensors)
  expect(held(), `what ${name} holds`).toEqual(before)
  return contents
}

/** Standard normal numbers, the same on both engines. */
export function normals(size: number, seed: number): Float32Array {
  const random = createRandom(seed, 0, 'wasm')
  return Float32Array.from({ length: size }, random.normal)
}

/** A tensor of normal numbers. */
export function normal(tf: Tf, shape: readonly number[], seed: number): Tensor {
  return tf.tensor(
    normals(
      shape.reduce((size, length) => size * length, 1),
      seed,
    ),
    [...shape],
  )
}

type Four = readonly [number, number, number, number]

/** Images or a filter. */
export function normal4d(tf: Tf, [a, b, c, d]: Four, seed: number) {
  return tf.tensor4d(normals(a * b * c * d, seed), [a, b, c, d])
}

/** The wasm engine itself. */
export async function wasm(): Promise<Tf> {
  return (await engines('wasm')).engine.load()
}
