import { DynotuneError } from '../errors.ts'
import type { AnyParams } from '../space/params.ts'
import { parseBytes } from './quantity.ts'
import { isClassName, type Study, type StudyDefinition } from './study.ts'

/** What a trial asks of the worker that is to run it. */
export interface Resources {
  /** Resource classes, each larger than the one before it; none where any will do that the run is for. */
  readonly classes: readonly string[]
  /** Memory of the GPU, in bytes, that it needs at least. */
  readonly gpuMemory?: number
}

/**
 * What one trial asks for.
 * @param definition of the run: its `class` and `gpuMemory`, where they are `per trial`, are what the study's functions say
 * @throws DynotuneError `study.invalid` when a function returns what is no class, or no amount; and whatever it throws
 */
export function resourcesOf(study: Study, definition: StudyDefinition, params: AnyParams): Resources {
  const classes: readonly unknown[] = [
    (definition.class === 'per trial' ? study.class?.(params) : definition.class) ?? [],
  ].flat()
  const asked: unknown = definition.gpuMemory === 'per trial' ? study.gpuMemory?.(params) : definition.gpuMemory
  const gpuMemory = typeof asked === 'number' || typeof asked === 'string' ? parseBytes(asked) : undefined
  if (!classes.every(isClassName)) throw nonsense('class', classes, "'gpu-80g', or ['gpu-24g', 'gpu-80g']")
  if (asked !== undefined && gpuMemory === undefined) throw nonsense('gpuMemory', asked, "'40GB', or undefined")
  return { classes, ...(gpuMemory !== undefined && { gpuMemory }) }
}

function nonsense(field: 'class' | 'gpuMemory', value: unknown, example: string): DynotuneError {
  return new DynotuneError('study.invalid', `The function of the study named no ${field} that there can be.`, {
    path: `study.${field}`,
    value,
    remedy: `let it return ${example}`,
  })
}
