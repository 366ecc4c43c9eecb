import type { Random } from '../../numerics/random.ts'
import { shuffledIndex } from '../../numerics/shuffled-index.ts'
import { choice, type Domain, type SpaceSpec } from '../../space/domain.ts'
import type { Assignment } from '../../space/params.ts'
import { createSpace, type Space } from '../../space/space.ts'
import { domainFromUnit, domainSize } from '../../space/value.ts'

/** How many values of a range a grid has, by flat name; undefined for all that there are. */
export type Levels = (name: string, domain: Domain) => number | undefined

/** The grid of a space: the space itself, with values evenly spread from end to end in place of some ranges. */
export function gridOf({ spec }: Space, levels: Levels): Space {
  return createSpace(
    replaceRanges(spec, (name, domain) => {
      const count = levels(name, domain)
      return count === undefined ? domain : choice(valuesAt(domain, spread(count)))
    }),
  )
}

/** The cells of a grid as they are numbered: of the parameters sorted by name the last varies fastest. */
export function* inSequence(grid: Space): Generator<Assignment> {
  for (let index = 0; index < grid.size; index++) yield grid.at(index)
}

/** The cells of a grid in a random order. */
export function* shuffled(grid: Space, random: Random): Generator<Assignment> {
  const place = shuffledIndex(grid.size, random)
  for (let index = 0; index < grid.size; index++) yield grid.at(place(index))
}

/**
 * The cells of a space's grid by refinement: those with the middle value of each range, then those with its ends as well, then
 * with what is halfway between, and so on. All options of other parameters are there from the beginning.
 */
export function* coarseToFine(space: Space, levels: Levels): Generator<Assignment> {
  const grid = gridOf(space, levels)
  let before: Space | undefined
  for (let depth = 0, isWhole = false; !isWhole; depth++) {
    isWhole = true
    const stage = createSpace(
      replaceRanges(space.spec, (name, domain) => {
        const values = valuesAt(domain, halvings(levels(name, domain), depth))
        if (values.length < domainSize(grid.parameter(name)?.domain ?? domain)) isWhole = false
        return choice(values)
      }),
    )
    for (const cell of inSequence(stage)) if (!before?.contains(cell)) yield cell
    before = stage
  }
}

/**
 * The positions that halving the interval from 0 to 1 `depth` times leads to, the middle alone at first: of `count` evenly
 * spread ones the nearest, where they are given.
 */
function halvings(count: number | undefined, depth: number): number[] {
  const halves = spread(depth === 0 ? 1 : Math.min(2 ** depth, count ?? Number.POSITIVE_INFINITY) + 1)
  if (count === undefined || count === 1) return count === 1 ? [0.5] : halves
  return halves.map((u) => Math.round(u * (count - 1)) / (count - 1))
}

/** Evenly spread positions from 0 to 1; the middle, if it is to be one. */
function spread(count: number): number[] {
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0.5 : i / (count - 1)))
}

/** The distinct values of a range at positions in ascending order. */
function valuesAt(domain: Domain, positions: readonly number[]): number[] {
  return [...new Set(positions.map((u) => valueAt(domain, u)))]
}

function valueAt(domain: Domain, u: number): number {
  // Integers on a log scale have cells of half a step to either side, which a grid from end to end is not to begin with.
  if (domain.type === 'int' && domain.scale !== 'linear' && domain.step === undefined) {
    return Math.round(Number(domainFromUnit({ ...domain, type: 'float' }, u)))
  }
  return Number(domainFromUnit(domain, u))
}

/** A space with other domains for its ranges. */
function replaceRanges(spec: SpaceSpec, replace: (name: string, domain: Domain) => Domain, prefix = ''): SpaceSpec {
  return Object.fromEntries(
    Object.entries(spec).map(([key, domain]): [string, Domain] => {
      if (domain.type === 'float' || domain.type === 'int') return [key, replace(prefix + key, domain)]
      if (domain.type !== 'branch') return [key, domain]
      const branches = Object.entries(domain.branches).map(([branch, inner]): [string, SpaceSpec] => [
        branch,
        replaceRanges(inner, replace, `${prefix}${branch}.`),
      ])
      return [key, choice(Object.fromEntries(branches))]
    }),
  )
}
