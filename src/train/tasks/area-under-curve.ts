/**
 * The area under the ROC curve: how often a positive example has a higher score than a negative one, ties counting one
 * half. Exact, by ranks: (Σ ranks of positives - P (P+1)/2) / (P N), ties having the mean of their ranks (Mann and Whitney,
 * 1947). NaN where there are no positives, no negatives, or a score is not a number.
 * @param positive 1 or 0 for each score
 */
export function areaUnderCurve(scores: Float32Array, positive: Uint8Array): number {
  if (scores.some(Number.isNaN)) return Number.NaN
  const order = Uint32Array.from(scores.keys()).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || 0)
  const positives = positive.reduce((sum, each) => sum + each, 0)
  let rankSum = 0
  for (let first = 0, next = 0; first < order.length; first = next) {
    const score = scores[order[first] ?? 0]
    let among = 0
    for (; next < order.length && scores[order[next] ?? 0] === score; next++) among += positive[order[next] ?? 0] ?? 0
    // Ranks first + 1 … next.
    rankSum += (among * (first + 1 + next)) / 2
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (scores.length - positives))
}
