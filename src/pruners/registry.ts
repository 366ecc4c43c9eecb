import { DynotuneError } from '../errors.ts'
import type { Pruner } from '../study/pruner.ts'
import { hyperband } from './hyperband.ts'
import { learningCurve } from './learning-curve.ts'
import { none } from './none.ts'
import { patience } from './patience.ts'
import { median, percentile } from './percentile.ts'
import { successiveHalving } from './successive-halving.ts'
import { threshold } from './threshold.ts'
import { wilcoxon } from './wilcoxon.ts'

const PRUNERS: ReadonlyMap<string, () => Pruner> = new Map([
  ['none', none],
  ['median', median],
  ['percentile', percentile],
  ['successiveHalving', successiveHalving],
  ['hyperband', hyperband],
  ['threshold', threshold],
  ['patience', patience],
  ['wilcoxon', wilcoxon],
  ['learningCurve', learningCurve],
])

/** What `prunerNamed` knows. */
export const PRUNER_NAMES: readonly string[] = [...PRUNERS.keys()]

/** The pruner of a name, with its defaults. Throws `pruner.unknown`. */
export function prunerNamed(name: string): Pruner {
  const make = PRUNERS.get(name)
  if (make) return make()
  throw new DynotuneError('pruner.unknown', `There is no pruner "${name}".`, {
    path: 'pruner',
    value: name,
    remedy: `use one of ${PRUNER_NAMES.join(', ')}, or give an object with name and decide`,
  })
}
