/** Weights decay^age of values in the order of their age, oldest first, with a sum of 1. */
export function agedWeights(count: number, decay: number): Float64Array {
  const weights = Float64Array.from({ length: count }, (_, i) => decay ** (count - 1 - i))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/**
 * The covariance of the weighted means of pairs of values that may be correlated in time, and the degrees of freedom that it
 * is estimated with: 0 where there are fewer than three.
 *
 * By equally weighted cosines (Müller, J. Econom. 141, 2007; Lazarus, Lewis, Stock and Watson, J. Bus. Econ. Stat. 36, 2018):
 * contrasts of the values that vary as slowly as the mean sums them up, cos π j u with u from 0 to 1 over time, each having
 * the variance that the mean has, as long as the correlation dies off within their periods. The number of them,
 * ν = 0.41 n^(2/3), is that of Lazarus et al.; independent normal values make the ratio of mean and standard error exactly
 * Student's t with ν degrees. For unequal weights time is counted in shares of the variance, Σ w², n is 1 / Σ w², and the
 * contrasts are made orthogonal to the weights, to the constant and to each other.
 */
export function meanCovariance(
  pairs: readonly (readonly [number, number])[],
  weights: Float64Array,
): { readonly covariance: readonly [number, number, number]; readonly degrees: number } {
  const squares = weights.reduce((sum, weight) => sum + weight ** 2, 0)
  const wanted = Math.max(1, Math.floor(0.41 * squares ** (-2 / 3)))
  const contrasts = contrastsOf(weights, squares, Math.min(weights.length - 2, wanted))
  let [xx, xy, yy] = [0, 0, 0]
  for (const contrast of contrasts) {
    let [x, y] = [0, 0]
    pairs.forEach((pair, i) => {
      x += (contrast[i] ?? 0) * pair[0]
      y += (contrast[i] ?? 0) * pair[1]
    })
    xx += x * x
    xy += x * y
    yy += y * y
  }
  const scale = squares / contrasts.length
  return { covariance: [scale * xx, scale * xy, scale * yy], degrees: contrasts.length }
}

/** Orthonormal, as many as asked for. */
function contrastsOf(weights: Float64Array, squares: number, count: number): Float64Array[] {
  let past = 0
  const times = weights.map((weight) => {
    past += weight ** 2 / squares
    return past - weight ** 2 / squares / 2
  })
  const basis: Float64Array[] = []
  const add = (vector: Float64Array) => {
    const rest = orthogonal(orthogonal(vector, basis), basis)
    const norm = Math.sqrt(dot(rest, rest))
    // Equal weights are constant: the second of the two has nothing left.
    if (norm > 1e-9 * Math.sqrt(dot(vector, vector))) basis.push(rest.map((value) => value / norm))
  }
  add(weights)
  add(weights.map(() => 1))
  const given = basis.length
  for (let j = 1; j <= count; j++) add(weights.map((weight, i) => weight * Math.cos(Math.PI * j * (times[i] ?? 0))))
  return basis.slice(given)
}

/** What is left of a vector without its part in the span of an orthonormal basis. */
function orthogonal(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const rest = vector.slice()
  for (const direction of basis) {
    const along = dot(rest, direction)
    for (let i = 0; i < rest.length; i++) rest[i] = (rest[i] ?? 0) - along * (direction[i] ?? 0)
  }
  return rest
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
