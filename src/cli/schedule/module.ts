import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DynotuneError } from '../../errors.ts'
import { prepareImports } from '../../runner/prepare-imports.ts'
import { lambdaSchedule, type Schedule } from '../../train/schedules/schedule.ts'
import { nearest } from './nearest.ts'

/** The schedule that a file exports under a name, by default as its default. @throws DynotuneError `option.invalid` */
export async function importSchedule(file: string, name = 'default'): Promise<Schedule> {
  const exported = await importSchedules(file)
  const schedule = exported.get(name)
  if (schedule) return schedule
  const names = [...exported.keys()]
  const like = nearest(name, names)
  throw new DynotuneError('option.invalid', `The file exports no function "${name}".`, {
    path: file,
    value: name,
    remedy: `${like === undefined ? '' : `did you mean ${like}? `}${names.length > 0 ? `write ${file}#name with one of ${names.join(', ')}` : 'export a function of the step'}`,
  })
}

/** All functions that a file exports, by name. @throws DynotuneError `option.invalid` */
export async function importSchedules(file: string): Promise<ReadonlyMap<string, Schedule>> {
  const path = resolve(file)
  if (!existsSync(path))
    throw new DynotuneError('option.invalid', 'There is no such file.', {
      path: file,
      remedy: 'check the path, relative to the current folder',
    })
  prepareImports()
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new DynotuneError('option.invalid', 'The file fails when it is imported.', {
      path: file,
      remedy: 'mend the error below',
      cause,
    })
  })
  return new Map(
    Object.entries(module).flatMap(([name, value]) =>
      typeof value === 'function' ? [[name, lambdaSchedule((step) => value(step))] as const] : [],
    ),
  )
}
