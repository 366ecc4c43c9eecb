import { DynotuneError } from '../errors.ts'
import type { Space } from '../space/space.ts'
import { domainContains } from '../space/value.ts'
import type { Store } from '../store/store.ts'
import { type EarlierTrial, hasValue } from '../study/view.ts'

/**
 * The trials with a value of earlier studies, with those of their parameters that a space has too. Studies without a
 * parameter in common have nothing to say.
 * @throws DynotuneError `study.unknown`
 */
export function earlierTrials(store: Store, names: readonly string[], space: Space): EarlierTrial[] {
  return names.flatMap((name) => {
    const [, label = name, number] = /^(.*?)(?:#(\d+))?$/.exec(name) ?? []
    const found = store.findStudy(label, number === undefined ? undefined : Number(number))
    if (!found) {
      throw new DynotuneError('study.unknown', 'There is no such study to learn from in this database.', {
        path: 'study.learnFrom',
        value: name,
        remedy: 'check the name with dynotune list, or name another file with --db',
      })
    }
    const { goal } = found.definition
    return store
      .archive(found)
      .trials()
      .filter(hasValue)
      .map(({ params, value }) => ({
        study: name,
        goal,
        params: Object.fromEntries(
          Object.entries(params).filter(([key, given]) => {
            const domain = space.parameter(key)?.domain
            return domain !== undefined && domainContains(domain, given)
          }),
        ),
        value,
      }))
      .filter(({ params }) => Object.keys(params).length > 0)
  })
}
