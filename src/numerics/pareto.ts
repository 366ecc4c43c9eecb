/** One value for each objective, all to be minimised. NaN has no place in it. */
export type Losses = ArrayLike<number>

/** Whether `a` is at least as good as `b` in every objective and better in one. */
export function dominates(a: Losses, b: Losses): boolean {
  let better = false
  for (let i = 0; i < a.length; i++) {
    if (at(a, i) > at(b, i)) return false
    better ||= at(a, i) < at(b, i)
  }
  return better
}

/**
 * The front that each point is on: 0 for those that no other dominates, r for those that only points of fronts below r do.
 * Equal points share a front. By efficient non-dominated sort (Zhang, Tian, Cheng and Jin, IEEE Trans. Evol. Comput. 19,
 * 2015): in lexical order nothing is dominated by what comes after it, so each point goes to the first front that has no
 * dominator of it, found by bisection.
 */
export function paretoRanks(points: readonly Losses[]): Int32Array {
  const ranks = new Int32Array(points.length)
  const fronts: Losses[][] = []
  for (const index of lexicalOrder(points)) {
    const point = points[index] ?? []
    let low = 0
    let high = fronts.length
    while (low < high) {
      const middle = (low + high) >> 1
      // The latest of a front are the most alike.
      if (fronts[middle]?.findLast((other) => dominates(other, point))) low = middle + 1
      else high = middle
    }
    const front = fronts[low]
    if (front) front.push(point)
    else fronts.push([point])
    ranks[index] = low
  }
  return ranks
}

/** The indices of the points that no other dominates, ascending; of equal points all. */
export function paretoFront(points: readonly Losses[]): number[] {
  const front: number[] = []
  for (const index of lexicalOrder(points)) {
    const point = points[index] ?? []
    if (!front.some((other) => dominates(points[other] ?? [], point))) front.push(index)
  }
  return front.sort((a, b) => a - b)
}

function lexicalOrder(points: readonly Losses[]): number[] {
  return [...points.keys()].sort((i, j) => {
    const [a, b] = [points[i] ?? [], points[j] ?? []]
    for (let k = 0; k < a.length; k++) if (at(a, k) !== at(b, k)) return at(a, k) < at(b, k) ? -1 : 1
    return i - j
  })
}

function at(losses: Losses, index: number): number {
  return losses[index] ?? 0
}
