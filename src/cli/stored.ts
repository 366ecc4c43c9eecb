import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DynotuneError } from '../errors.ts'
import { openStore, type Store } from '../store/store.ts'
import type { StudyRecord } from '../study/record.ts'

/** Opens a store that must be there already; reading must not create one. */
export function openExisting(path: string): Store {
  if (existsSync(path)) return openStore(path)
  throw new DynotuneError('study.unknown', 'There is no database here, so there are no studies yet.', {
    path,
    remedy: 'run a study first: dynotune run study.ts; or name another file with --db',
  })
}

/** Finds a study by `name`, the latest of that name, or `name#number`. */
export function findStudy(store: Store, reference: string): StudyRecord {
  const [, name = reference, number] = /^(.*)#(\d+)$/.exec(reference) ?? []
  const found = store.findStudy(name, number === undefined ? undefined : Number(number))
  if (found) return found
  const known = [...new Set(store.listStudies().map(({ study }) => study.name))]
  throw new DynotuneError('study.unknown', 'There is no such study.', {
    path: reference,
    remedy: known.length > 0 ? `known are: ${known.join(', ')}` : 'run a study first: dynotune run study.ts',
  })
}

/** The folder of a study's report: `reports/digits`, `reports/digits-2`. */
export function reportFolder(out: string, { name, number }: Pick<StudyRecord, 'name' | 'number'>): string {
  return join(out, number === 1 ? name : `${name}-${number}`)
}
