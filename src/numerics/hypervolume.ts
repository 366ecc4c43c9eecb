import type { Losses } from './pareto.ts'

/**
 * The volume that points dominate, up to a reference point that bounds it: what a set of trade-offs is worth as one number
 * (Zitzler and Thiele, PPSN V, 1998). Exact. Points that are not better than the reference in every objective add nothing.
 * @param points one value for each objective, all to be minimised; in any order, dominated ones and repetitions allowed
 * @param reference as long as each point, finite
 */
export function hypervolume(points: readonly Losses[], reference: Losses): number {
  return volume(points.filter(isWithin(reference)), reference, reference.length)
}

/** How much of the hypervolume a point adds to that of others: 0 where one of them dominates or equals it. */
export function hypervolumeGain(point: Losses, others: readonly Losses[], reference: Losses): number {
  if (!isWithin(reference)(point)) return 0
  return exclusive(point, others.filter(isWithin(reference)), reference, reference.length)
}

/** In the first `dimensions` objectives. */
function volume(points: readonly Losses[], reference: Losses, dimensions: number): number {
  if (dimensions === 1) return Math.max(0, ...points.map((point) => at(reference, 0) - at(point, 0)))
  if (dimensions === 2) return area(points, reference)
  // By slices along the last objective, worst first: what follows a point reaches as far down there as it does, so that what
  // the point adds to them is what it adds in the other objectives, times its reach (While, Bradstreet and Barone, "A fast
  // way of calculating exact hypervolumes", IEEE Trans. Evol. Comput. 16, 2012, sections III and IV).
  const last = dimensions - 1
  const ordered = minimal(points, dimensions).sort((a, b) => at(b, last) - at(a, last))
  let sum = 0
  for (let i = 0; i < ordered.length; i++) {
    const point = ordered[i] ?? []
    sum += (at(reference, last) - at(point, last)) * exclusive(point, ordered.slice(i + 1), reference, last)
  }
  return sum
}

/** The volume of a point that no other of the points has a share in. */
function exclusive(point: Losses, others: readonly Losses[], reference: Losses, dimensions: number): number {
  let own = 1
  for (let i = 0; i < dimensions; i++) own *= at(reference, i) - at(point, i)
  const shared = others.map((other) => {
    const limited = new Float64Array(dimensions)
    for (let i = 0; i < dimensions; i++) limited[i] = Math.max(at(point, i), at(other, i))
    return limited
  })
  return Math.max(0, own - volume(shared, reference, dimensions))
}

/** In two objectives: rectangles from left to right. */
function area(points: readonly Losses[], reference: Losses): number {
  let sum = 0
  let ceiling = at(reference, 1)
  for (const point of [...points].sort((a, b) => at(a, 0) - at(b, 0))) {
    if (at(point, 1) >= ceiling) continue
    sum += (at(reference, 0) - at(point, 0)) * (ceiling - at(point, 1))
    ceiling = at(point, 1)
  }
  return sum
}

/** Without points that others dominate or equal. */
function minimal(points: readonly Losses[], dimensions: number): Losses[] {
  const kept: Losses[] = []
  for (const point of points) {
    if (kept.some((other) => !isBetterSomewhere(point, other, dimensions))) continue
    let count = 0
    for (const other of kept) if (isBetterSomewhere(other, point, dimensions)) kept[count++] = other
    kept.length = count
    kept.push(point)
  }
  return kept
}

function isBetterSomewhere(a: Losses, b: Losses, dimensions: number): boolean {
  for (let i = 0; i < dimensions; i++) if (at(a, i) < at(b, i)) return true
  return false
}

function isWithin(reference: Losses): (point: Losses) => boolean {
  return (point) => {
    for (let i = 0; i < reference.length; i++) if (!(at(point, i) < at(reference, i))) return false
    return true
  }
}

function at(losses: Losses, index: number): number {
  return losses[index] ?? 0
}
