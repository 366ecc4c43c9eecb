import type { Engine } from '../../../src/study/engine.ts'
import { type Computed, compute } from './compute.ts'
import { cotangentOf, directionOf, type LayerCase } from './layer-case.ts'

/** Far enough that rounding does not drown the difference, near enough that curvature does not show. */
const STEP = 2e-3

/** Half the distance from 1 to the next float32. */
const ROUNDING = 2 ** -24

/**
 * The slope of sum(output * cotangent) along a random direction through all float inputs: by the gradients, and by the
 * outputs a step to either side.
 */
export interface Slopes {
  readonly computed: number
  readonly measured: number
  /** How far apart the two may be: a hundredth of the gradient's length, and what rounding the outputs does. */
  readonly tolerance: number
}

export async function slopesOf(engine: Engine, layer: LayerCase): Promise<Slopes> {
  const { output, ...gradients } = await compute(engine, layer)
  const above = await terms(engine, layer, STEP)
  const below = await terms(engine, layer, -STEP)
  let computed = 0
  let square = 0
  for (const [name, { values }] of Object.entries<Computed[string]>(gradients)) {
    const direction = directionOf(layer.name, name, values.length)
    values.forEach((slope, i) => {
      computed += slope * (direction[i] ?? Number.NaN)
      square += slope * slope
    })
  }
  return {
    computed,
    measured: (sum(above) - sum(below)) / (2 * STEP),
    tolerance: 0.01 * Math.sqrt(square) + (ROUNDING * sum(above.map(Math.abs))) / STEP,
  }
}

/** The summands of sum(output * cotangent), in double precision. */
async function terms(engine: Engine, layer: LayerCase, offset: number): Promise<number[]> {
  const tf = await engine.load()
  const output = tf.tidy(() => layer.build(tf, offset).forward())
  const values = await output.data()
  output.dispose()
  const cotangent = cotangentOf(layer.name, values.length)
  return Array.from(values, (value, i) => value * (cotangent[i] ?? Number.NaN))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
