import { z } from 'zod'
import { DynotuneError } from '../errors.ts'
import { createRandom } from '../numerics/random.ts'
import { LONGEST_SHUFFLE } from '../numerics/shuffled-index.ts'
import type { Domain } from '../space/domain.ts'
import type { Assignment } from '../space/params.ts'
import type { Space } from '../space/space.ts'
import { domainSize } from '../space/value.ts'
import { parseOptions } from '../study/options.ts'
import type { Sampler } from '../study/sampler.ts'
import type { StudyView } from '../study/view.ts'
import { keyOf } from './distinct.ts'
import { coarseToFine, gridOf, inSequence, shuffled } from './grid/cells.ts'

const values = z.int().min(1)

const fields = z.object({
  /**
   * `sequential`: of the parameters sorted by name the last varies fastest. `random`: by the seed. `coarseToFine`: the middle
   * of all ranges, then their ends as well, then what is halfway between, and so on, so that a study that is stopped early
   * has seen them from end to end. Default: `sequential`.
   */
  order: z.enum(['sequential', 'random', 'coarseToFine']).default('sequential'),
  /**
   * How many values, evenly spread along the scale from end to end, stand for a range. A number is for every float without a
   * step; numbers by flat name, as in `{ learningRate: 5, 'sgd.momentum': 3 }`, are for those. Default: floats need a step.
   */
  perAxis: z.union([values, z.record(z.string(), values)]).default({}),
})

export type GridOptions = z.input<typeof fields>

/** Assignments in a row that the study may refuse before it counts as refusing all: about a second's work. */
const MOST_REFUSED = 2 ** 18

/**
 * Every assignment of a finite space once, and after the last there are no more. Those that enqueued trials have tried are
 * left out; failed trials count as tried.
 * @throws DynotuneError `sampler.invalid`
 */
export function grid(options: GridOptions = {}): Sampler {
  const { order, perAxis } = parseOptions('sampler', 'grid', fields, options)

  function levels(name: string, domain: Domain): number | undefined {
    const count = typeof perAxis === 'number' ? (isEndless(domain) ? perAxis : undefined) : perAxis[name]
    return count === undefined ? undefined : Math.min(count, domainSize(domain))
  }

  function check({ space }: StudyView): void {
    const named = typeof perAxis === 'number' ? [] : Object.keys(perAxis)
    const wrong = named.find((name) => !isRange(space.parameter(name)?.domain))
    if (wrong !== undefined) {
      throw new DynotuneError('sampler.invalid', `The space has no range "${wrong}" for the grid to take values of.`, {
        path: `sampler.grid.perAxis.${wrong}`,
        value: perAxis,
        remedy: `name a float or an int, with its branch where it has one, such as 'sgd.momentum'`,
      })
    }
    const endless = space.parameters.find(({ name, domain }) => isEndless(domain) && levels(name, domain) === undefined)
    if (endless) {
      throw new DynotuneError(
        'space.infinite',
        `A grid needs a finite space, and "${endless.name}" has no end of values.`,
        {
          path: `space.${endless.name}`,
          value: endless.domain,
          remedy:
            'give the float a step or the grid a number of values perAxis, make it a choice, or use the sampler halton',
        },
      )
    }
    if (order === 'random' && gridOf(space, levels).size > LONGEST_SHUFFLE) {
      throw new DynotuneError('sampler.invalid', 'The grid is too large to be put in a random order.', {
        path: 'sampler.grid.order',
        value: order,
        remedy: 'use the sampler random, which tries nothing twice either, or fewer values perAxis',
      })
    }
  }

  function walk(space: Space, seed: number): Iterator<Assignment> {
    if (order === 'coarseToFine') return coarseToFine(space, levels)
    const whole = gridOf(space, levels)
    return order === 'random' ? shuffled(whole, createRandom(seed, 0, 'grid')) : inSequence(whole)
  }

  // The cells of the last study in their order, as far as it got: a cache of a pure function, not a state.
  let known: { space: Space; seed: number; cells: Assignment[]; rest: Iterator<Assignment> } | undefined

  function* cellsOf({ space, seed }: StudyView): Generator<Assignment> {
    if (known?.space !== space || known.seed !== seed) known = { space, seed, cells: [], rest: walk(space, seed) }
    const { cells, rest } = known
    yield* cells
    for (let next = rest.next(); !next.done; next = rest.next()) {
      cells.push(next.value)
      yield next.value
    }
  }

  return {
    name: 'grid',
    check,
    suggest(view, count) {
      check(view)
      const { trials, allows = () => true } = view
      const tried = new Set(trials.map(({ params }) => keyOf(params)))
      const found: Assignment[] = []
      let refused = 0
      let isAnyAllowed = false
      for (const cell of count > 0 ? cellsOf(view) : []) {
        if (allows(cell)) {
          isAnyAllowed = true
          refused = 0
          if (!tried.has(keyOf(cell)) && found.push(cell) === count) return found
        } else if (++refused === MOST_REFUSED) break
      }
      if (count > 0 && (!isAnyAllowed || refused === MOST_REFUSED)) throw noneAllowed()
      return found
    },
  }
}

function isRange(domain: Domain | undefined): boolean {
  return domain?.type === 'float' || domain?.type === 'int'
}

function isEndless(domain: Domain): boolean {
  return !Number.isFinite(domainSize(domain))
}

function noneAllowed(): DynotuneError {
  return new DynotuneError('sampler.constraints', 'No assignment of the grid was found that the study allows.', {
    path: 'study.allows',
    remedy: 'check the function with parameters that you know to be good, or narrow the space instead',
  })
}
