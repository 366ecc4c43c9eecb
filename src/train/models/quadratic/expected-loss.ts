import { checkSteps, type QuadraticProblem, type QuadraticSteps } from './problem.ts'

/**
 * The loss to be expected after so many steps, from θ with E θᵢ² = 1: a function, since what it takes is worked out once.
 * Infinite for a rate at the very edge of stability.
 * @throws DynotuneError `optimizer.invalid`
 */
export function expectedLoss(problem: QuadraticProblem, steps: QuadraticSteps): (count: number) => number {
  const dimensions = dimensionsOf(problem, steps).map((dimension) => ({
    weight: dimension.weight,
    moment: secondMoment(dimension, steps),
  }))
  return (count) => dimensions.reduce((loss, { weight, moment }) => loss + weight * moment(count), 0)
}

/** The loss that remains however many steps are made: infinite where they diverge. */
export function steadyLoss(problem: QuadraticProblem, steps: QuadraticSteps): number {
  return dimensionsOf(problem, steps).reduce((loss, dimension) => {
    const moment = steadyMoment(dimension, steps)
    return loss + dimension.weight * (moment >= 0 ? moment : Number.POSITIVE_INFINITY)
  }, 0)
}

interface Dimension {
  /** Of θ² in the loss: h / 2. */
  readonly weight: number
  /** k, after preconditioning. */
  readonly curvature: number
  /** n, of a step's gradient. */
  readonly variance: number
}

function dimensionsOf({ curvatures, noise }: QuadraticProblem, steps: QuadraticSteps): Dimension[] {
  checkSteps(steps)
  const { batchSize, preconditioning: p = 0 } = steps
  return Array.from(curvatures, (h, i) => ({
    weight: h / 2,
    curvature: h ** (1 - p),
    variance: ((noise[i] ?? 0) * h ** (-2 * p)) / batchSize,
  }))
}

/** s* = (1+μ) α n / (k (1-μ) (2+2μ-αk)); without momentum α² n / (1 - (1-αk)²). Negative where steps diverge. */
function steadyMoment({ curvature, variance }: Dimension, { rate, momentum = 0 }: QuadraticSteps): number {
  const room = 2 + 2 * momentum - rate * curvature
  return ((1 + momentum) * rate * variance) / (curvature * (1 - momentum) * room)
}

/**
 * E θ² after so many steps of v ← μ v + k θ + ε, θ ← θ - α v. The covariance S of (θ, v) goes from S₀ = diag(1, 0) to
 * S* + Aᵏ (S₀ - S*) Aᵏᵀ, where A = [[1-αk, -αμ], [k, μ]] has the determinant μ. Without momentum that is
 * s* + (1-αk)²ᵏ (1 - s*), which solves s ← (1-αk)² s + α² n.
 */
function secondMoment(dimension: Dimension, steps: QuadraticSteps): (count: number) => number {
  const { rate, momentum = 0 } = steps
  const { curvature } = dimension
  const contraction = 1 - rate * curvature
  const steady = steadyMoment(dimension, steps)
  // Of S*: E θ v and E v², which follow from E θ² being constant.
  const mixed = (-curvature * steady) / (1 + momentum)
  const speed = (-2 * mixed) / rate
  const lucas = lucasSequence(contraction + momentum, momentum)
  return (count) => {
    if (count === 0) return 1
    // The first row of Aᵏ, by Cayley and Hamilton.
    const [now, before] = [lucas(count), lucas(count - 1)]
    const ofPlace = contraction * now - momentum * before
    const ofSpeed = -rate * momentum * now
    return steady + ofPlace ** 2 * (1 - steady) - 2 * ofPlace * ofSpeed * mixed - ofSpeed ** 2 * speed
  }
}

/** (r₁ᵏ - r₂ᵏ) / (r₁ - r₂) with r₁ and r₂ the eigenvalues of a matrix with this trace and determinant, the latter in [0, 1). */
function lucasSequence(trace: number, determinant: number): (k: number) => number {
  const discriminant = trace ** 2 / 4 - determinant
  // At rate 1 / h all is 0, and 0 times 0 to the power of -1 is not.
  if (discriminant === 0) return (k) => (k === 0 ? 0 : k * (trace / 2) ** (k - 1))
  if (discriminant > 0) {
    const root = Math.sqrt(discriminant)
    const [first, second] = [trace / 2 + root, trace / 2 - root]
    return (k) => (first ** k - second ** k) / (2 * root)
  }
  const [size, angle] = [Math.sqrt(determinant), Math.atan2(Math.sqrt(-discriminant), trace / 2)]
  return (k) => (size ** (k - 1) * Math.sin(k * angle)) / Math.sin(angle)
}
