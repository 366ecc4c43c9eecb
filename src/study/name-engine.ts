import { DynotuneError } from '../errors.ts'
import type { AnyParams } from '../space/params.ts'
import { ENGINE_NAMES, type EngineName, isEngineName } from './engine.ts'
import type { Study, StudyDefinition } from './study.ts'

/**
 * The engine that one trial is to run on.
 * @param asked what the run's definition says: a name, or `per trial` to have the study's function name one
 * @throws DynotuneError `engine.unknown` when that names none, and whatever the function throws
 */
export function nameEngine({ engine }: Study, asked: StudyDefinition['engine'], params: AnyParams): EngineName {
  if (asked !== 'per trial') return asked
  const named: unknown = engine?.(params)
  if (isEngineName(named)) return named
  throw new DynotuneError('engine.unknown', 'The function of the study named no engine that there is.', {
    path: 'study.engine',
    value: named,
    remedy: `let it return one of ${ENGINE_NAMES.join(', ')}`,
  })
}
