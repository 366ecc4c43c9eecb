/**
 * How values are bent before they are modelled: z = log(1 + (y - least) / c), a line below c and a logarithm above it, so that
 * nothing is torn apart beside the best value; then brought to mean 0 and variance 1. A large c leaves values as they are.
 */
export interface Warp {
  readonly least: number
  readonly c: number
  readonly mean: number
  readonly deviation: number
}

/** Values bent, with what a likelihood of them asks for. */
export interface Bent {
  readonly warp: Warp
  /** The logarithm of the product of dz / dy. */
  readonly logJacobian: number
  /** Its derivative by log c. */
  readonly slope: number
}

export function warped({ least, c, mean, deviation }: Warp, y: number): number {
  return (Math.log1p((y - least) / c) - mean) / deviation
}

/** The value that was bent to `z`. */
export function unwarped({ least, c, mean, deviation }: Warp, z: number): number {
  return least + c * Math.expm1(z * deviation + mean)
}

/** The least value, and the distance from it to the median: to the worst, where half of the values are the least one. */
export function spreadOf(values: Float64Array): { readonly least: number; readonly spread: number } {
  const sorted = values.slice().sort()
  const least = sorted[0] ?? 0
  const spread = (sorted[sorted.length >> 1] ?? 0) - least || (sorted[sorted.length - 1] ?? 0) - least
  return { least, spread: spread || 1 }
}

/** Bends values. `z` gets them and `dz`, where it is given, their derivatives by log c. */
export function bend(
  y: Float64Array,
  least: number,
  c: number,
  z: Float64Array,
  dz = new Float64Array(y.length),
): Bent {
  const n = y.length
  let mean = 0
  let meanSlope = 0
  let logJacobian = 0
  let slope = 0
  for (let i = 0; i < n; i++) {
    const ratio = ((y[i] ?? 0) - least) / c
    z[i] = Math.log1p(ratio)
    dz[i] = -ratio / (1 + ratio)
    mean += (z[i] ?? 0) / n
    meanSlope += (dz[i] ?? 0) / n
    logJacobian -= Math.log(c) + (z[i] ?? 0)
    slope -= 1 / (1 + ratio)
  }
  let sum = 0
  let sumSlope = 0
  for (let i = 0; i < n; i++) {
    const centred = (z[i] ?? 0) - mean
    sum += centred * centred
    sumSlope += centred * ((dz[i] ?? 0) - meanSlope)
  }
  const deviation = Math.sqrt(sum / n) || 1
  const logSlope = sum > 0 ? sumSlope / sum : 0
  for (let i = 0; i < n; i++) {
    z[i] = ((z[i] ?? 0) - mean) / deviation
    dz[i] = ((dz[i] ?? 0) - meanSlope) / deviation - (z[i] ?? 0) * logSlope
  }
  return {
    warp: { least, c, mean, deviation },
    logJacobian: logJacobian - n * Math.log(deviation),
    slope: slope - n * logSlope,
  }
}

/** Values that a model can take: far outliers are brought near, numbers near the end of the doubles scaled down. */
export function tame(y: Float64Array): Float64Array {
  const most = y.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  const scaled = most > 1e100 ? y.map((value) => value / most) : y
  const { least, spread } = spreadOf(scaled)
  const limit = least + OUTLIER * spread
  return scaled.map((value) => Math.min(value, limit))
}

/** In distances from the best value to the median; beyond, even a logarithm makes too much of them. */
const OUTLIER = 1e4
