/** Losses beyond so many median distances from the best say no more than that they are bad. */
const OUTLIER = 100

/**
 * Losses on a scale that studies share: log(1 + excess / mean excess), the excess being over the best of the study. The best
 * is at 0; a logarithm keeps the bad ones, which differ in how bad they are more than in what they teach, from ruling.
 */
export function scoresOf(losses: readonly number[]): Float64Array {
  // Differences of numbers near the end of the doubles must not overflow.
  const most = losses.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
  const scaled = Float64Array.from(losses, (loss) => (most > 1e100 ? loss / most : loss))
  const least = scaled.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  const excess = scaled.map((loss) => loss - least)
  const median = excess.slice().sort()[excess.length >> 1] ?? 0
  const tamed = median > 0 ? excess.map((value) => Math.min(value, OUTLIER * median)) : excess
  const mean = tamed.reduce((a, b) => a + b, 0) / tamed.length
  return mean > 0 ? tamed.map((value) => Math.log1p(value / mean)) : tamed
}
