/**
 * The largest eigenvalue of a symmetric tridiagonal matrix, by bisection: of A - x I = L D Lᵀ, D has as many positive
 * elements as A has eigenvalues above x (Sylvester's law of inertia).
 * @param beside the elements beside the diagonal, one fewer than on it
 */
export function largestEigenvalue(diagonal: readonly number[], beside: readonly number[]): number {
  const reach = diagonal.map((_, i) => Math.abs(beside[i - 1] ?? 0) + Math.abs(beside[i] ?? 0))
  let low = Math.max(...diagonal)
  let high = Math.max(...diagonal.map((value, i) => value + (reach[i] ?? 0)))
  for (let i = 0; i < 100 && low < high; i++) {
    const middle = (low + high) / 2
    if (isExceeded(diagonal, beside, middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** Whether an eigenvalue is above x. */
function isExceeded(diagonal: readonly number[], beside: readonly number[], x: number): boolean {
  let pivot = 1
  return diagonal.some((value, i) => {
    const before = beside[i - 1] ?? 0
    // A pivot of 0 counts as one just below it.
    pivot = value - x - before ** 2 / (pivot || -Number.MIN_VALUE)
    return pivot > 0
  })
}
