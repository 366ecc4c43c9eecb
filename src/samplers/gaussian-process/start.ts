import { createRandom } from '../../numerics/random.ts'
import { sobolPoints } from '../../numerics/sobol-points.ts'
import type { Axis, Point } from '../axes.ts'

/** Scrambled Sobol points: those of a seed, by trial number. */
export function createStart(): (axes: readonly Axis[], seed: number) => (trial: number) => Point {
  let last:
    | { readonly seed: number; readonly dimensions: number; readonly at: (index: number) => Float64Array }
    | undefined

  return (axes, seed) => {
    if (last?.seed !== seed || last.dimensions !== axes.length) {
      const at = sobolPoints(axes.length, createRandom(seed, 0, 'gaussianProcess'))
      last = { seed, dimensions: axes.length, at }
    }
    const { at } = last
    return (trial) =>
      at(trial).map((u, k) => {
        const axis = axes[k]
        return axis?.kind === 'unordered' ? Math.min(axis.size - 1, Math.floor(u * axis.size)) : u
      })
  }
}
