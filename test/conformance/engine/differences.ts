import type { Contents } from './compute.ts'

/** Below this size of a number nothing is asked of its relative error: what is left when numbers near 1 cancel. */
const FLOOR = 0.01

/**
 * Where two tensors differ, in words; nothing when they agree. They agree where |actual - expected| is at most `tolerance`
 * times the largest of |expected|, the root mean square of all that is expected, and 0.01: a sum of many products has
 * rounding errors by the size of the products, not of what they happen to cancel to. Integers, booleans, infinities and
 * not-a-numbers must be the same.
 */
export function differences(actual: Contents | undefined, expected: Contents, tolerance: number): string[] {
  if (!actual) return ['missing']
  const kind = ({ dtype, shape, values }: Contents) => `${values.length} ${dtype}, shape [${shape}] of ${shape.length}`
  if (kind(actual) !== kind(expected)) return [`${kind(actual)} instead of ${kind(expected)}`]
  const finite = expected.values.filter(Number.isFinite)
  const scale = Math.max(FLOOR, Math.sqrt(finite.reduce((sum, x) => sum + x * x, 0) / Math.max(1, finite.length)))
  let worst = ''
  let largest = 0
  let count = 0
  for (const [i, wanted] of expected.values.entries()) {
    const got = actual.values[i] ?? Number.NaN
    if (Object.is(got, wanted) || got === wanted) continue
    const error = Math.abs(got - wanted) / Math.max(Math.abs(wanted), scale)
    if (error <= (expected.dtype === 'float32' ? tolerance : 0)) continue
    count++
    if (Number.isNaN(largest) || error <= largest) continue
    largest = error
    worst = `${got} instead of ${wanted} at ${i}, an error of ${error.toExponential(1)}`
  }
  return count === 0 ? [] : [`${count} of ${expected.values.length} differ, the worst: ${worst}`]
}
