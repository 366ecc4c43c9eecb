import { type Losses, paretoRanks } from '../../numerics/pareto.ts'
import { crowdingDistances } from './crowding.ts'

/** What lives or dies by its losses. */
export interface Individual {
  /** Of equals the lower survives. */
  readonly number: number
  /** One for each objective, all to be minimised; absent where it could not be evaluated. */
  readonly losses?: Losses
  /** 0 when feasible, else how far it is from that. */
  readonly violation: number
}

/** Its place among others: lower ranks first, then the more alone. */
export interface Place {
  readonly rank: number
  readonly crowding: number
}

/**
 * The best `count` by constrained domination (Deb et al. 2002, definition 1), best first: feasible ones by front, then
 * infeasible ones by violation. Of the front that does not fit whole those stay that are most alone.
 */
export function survivors<T extends Individual>(individuals: readonly T[], count: number): (T & Place)[] {
  const kept: (T & Place)[] = []
  for (const [rank, front] of fronts(individuals).entries()) {
    if (kept.length >= count) break
    const distances = crowdingDistances(front.map(({ losses = [] }) => losses))
    const placed = front.map((individual, i): T & Place => ({ ...individual, rank, crowding: distances[i] ?? 0 }))
    placed.sort((a, b) => compare(b.crowding, a.crowding) || a.number - b.number)
    kept.push(...placed.slice(0, count - kept.length))
  }
  return kept
}

function fronts<T extends Individual>(individuals: readonly T[]): T[][] {
  const found: T[][] = []
  const feasible = individuals.filter(isFeasible)
  const ranks = paretoRanks(feasible.map(({ losses }) => losses))
  feasible.forEach((individual, i) => {
    const rank = ranks[i] ?? 0
    found[rank] ??= []
    found[rank].push(individual)
  })
  const infeasible = individuals.filter((individual) => !isFeasible(individual))
  infeasible.sort((a, b) => compare(a.violation, b.violation))
  infeasible.forEach((individual, i) => {
    if (i > 0 && individual.violation === infeasible[i - 1]?.violation) found.at(-1)?.push(individual)
    else found.push([individual])
  })
  return found
}

/** Of two that drew for it, the one that is to be a parent (Deb et al. 2002, section III-C). */
export function winner<T extends Place>(a: T, b: T): T {
  return (compare(a.rank, b.rank) || compare(b.crowding, a.crowding)) <= 0 ? a : b
}

export function isFeasible<T extends Individual>(individual: T): individual is T & { readonly losses: Losses } {
  return individual.violation === 0 && individual.losses !== undefined
}

/** As a difference, of infinite numbers too. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
