import { normalCdf } from './normal.ts'

/** Up to so many differences the distribution is counted out; beyond, it is normal to three digits. */
const EXACT = 50

/**
 * Wilcoxon's signed-rank test, one-sided: the probability that differences whose signs are fair coins have positive ranks
 * that sum to at least what these have. Small when the differences tend above 0. Equal sizes share their mean rank; the
 * ranks of differences of 0 count half (Pratt, 1959, with the ranks of zeros split). Exact with ties too, up to 50
 * differences; normal without a continuity correction beyond.
 * @param differences finite
 * @returns in (0, 1]; 1 without any difference
 */
export function signedRankTest(differences: readonly number[]): number {
  const ranks = meanRanks(differences.map(Math.abs))
  const signed = differences.map((difference, i) => ({ difference, rank: ranks[i] ?? 0 }))
  // What the zeros add is the same for all signs, so it is left out on both sides.
  const free = signed.filter(({ difference }) => difference !== 0)
  const sum = free.reduce((total, { difference, rank }) => total + (difference > 0 ? rank : 0), 0)
  const sizes = free.map(({ rank }) => rank)
  return sizes.length <= EXACT ? exactTail(sizes, sum) : normalTail(sizes, sum)
}

/** P(sum of the ranks that a fair coin picks ≥ sum). Twice a mean rank is a whole number. */
function exactTail(ranks: readonly number[], sum: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank))
  const chances = new Float64Array(doubled.reduce((total, rank) => total + rank, 1))
  chances[0] = 1
  let reached = 0
  for (const rank of doubled) {
    reached += rank
    for (let at = reached; at >= 0; at--) chances[at] = ((chances[at] ?? 0) + (chances[at - rank] ?? 0)) / 2
  }
  return Math.min(
    1,
    chances.subarray(Math.round(2 * sum)).reduce((total, chance) => total + chance, 0),
  )
}

function normalTail(ranks: readonly number[], sum: number): number {
  const mean = ranks.reduce((total, rank) => total + rank, 0) / 2
  const deviation = Math.sqrt(ranks.reduce((total, rank) => total + rank ** 2, 0)) / 2
  return normalCdf((mean - sum) / deviation)
}

/** Ranks from 1 in ascending order, equal numbers sharing the mean of theirs. */
function meanRanks(numbers: readonly number[]): number[] {
  const order = numbers.map((_, i) => i).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))
  const ranks = new Array<number>(numbers.length).fill(0)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && numbers[order[to] ?? 0] === numbers[order[from] ?? 0]) to++
    for (const i of order.slice(from, to)) ranks[i] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}
