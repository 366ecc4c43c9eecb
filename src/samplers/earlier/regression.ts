import { factorize, logDeterminant, solveLower, solveUpper, triangleSize } from '../../numerics/cholesky.ts'
import { dot } from '../../numerics/dots.ts'
import type { Axis, Point } from '../axes.ts'
import type { ScoredTrial } from './studies.ts'

/** Length scales, in √(axes in common), and noise, in parts of the variance, of which the likeliest are taken. */
const LENGTHS = [0.1, 0.2, 0.4, 0.8, 1.6]
const NOISES = [1e-4, 1e-2, 0.3]

/**
 * What a study expects at a point, by a Gaussian process of its scores: Matérn-5/2, one length scale for all axes and the
 * noise from a few, by marginal likelihood (Rasmussen and Williams, eq. 5.8) at the amplitude that suits them best.
 */
export function regress(axes: readonly Axis[], trials: readonly ScoredTrial[]): (point: Point) => number {
  const n = trials.length
  const mean = trials.reduce((sum, { score }) => sum + score, 0) / n
  const z = Float64Array.from(trials, ({ score }) => score - mean)
  const isUsed = axes.map((_, k) => trials.some(({ point }) => !Number.isNaN(point[k])))
  const root = Math.sqrt(isUsed.filter(Boolean).length)
  const distance = (a: Point, b: Point) => {
    let sum = 0
    for (let k = 0; k < axes.length; k++) if (isUsed[k]) sum += squared(axes[k]?.kind === 'unordered', a[k], b[k])
    return Math.sqrt(sum)
  }
  const distances = new Float64Array(triangleSize(n))
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      distances[triangleSize(i) + j] = distance(trials[i]?.point ?? EMPTY, trials[j]?.point ?? EMPTY)
    }
  }
  let best: { readonly value: number; readonly scale: number; readonly weights: Float64Array } | undefined
  for (const length of LENGTHS) {
    const scale = 1 / (length * root)
    const covariances = distances.map((t) => matern(t * scale))
    for (const noise of NOISES) {
      const matrix = covariances.slice()
      for (let i = 0; i < n; i++) matrix[triangleSize(i) + i] = 1 + noise
      const factor = factorize(matrix, n)
      if (!factor) continue
      const white = solveLower(factor, z.slice())
      const value = n * Math.log(dot(white, 0, white, 0, 0, n) + 1e-12) + logDeterminant(factor)
      if (!best || value < best.value) best = { value, scale, weights: solveUpper(factor, white) }
    }
  }
  return (point) => {
    let sum = mean
    trials.forEach((trial, i) => {
      sum += (best?.weights[i] ?? 0) * matern(distance(point, trial.point) * (best?.scale ?? 0))
    })
    return sum
  }
}

const EMPTY = new Float64Array()

function matern(t: number): number {
  const r = Math.sqrt(5) * t
  return (1 + r + (r * r) / 3) * Math.exp(-r)
}

/** Where one of two lacks a coordinate, half the distance of two options. */
function squared(isOption: boolean, a = Number.NaN, b = Number.NaN): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) === Number.isNaN(b) ? 0 : 0.5
  return isOption ? (a === b ? 0 : 1) : (a - b) * (a - b)
}
