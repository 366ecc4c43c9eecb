import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A folder beside the final one, where an installation is put together before it takes the final one's place. */
export interface Stage {
  readonly folder: string
  /** Moves it into place; what was there before comes back if that fails. */
  commit(): void
  /** Removes it. */
  discard(): void
}

/** Opens a stage for a final folder, after tidying up what installations that were killed have left beside it. */
export function openStage(final: string): Stage {
  const parent = dirname(final)
  // Not with `recursive`, which tries forever where a file system only says "not found", as `/proc` does.
  for (const folder of [dirname(parent), parent]) if (!existsSync(folder)) mkdirSync(folder)
  tidy(final)
  const folder = `${final}.new-${process.pid}`
  const old = `${final}.old-${process.pid}`
  mkdirSync(folder)
  // Nothing of it belongs into the project's repository.
  writeFileSync(join(folder, '.gitignore'), '*\n')
  return {
    folder,
    commit() {
      const replaces = existsSync(final)
      if (replaces) renameSync(final, old)
      try {
        renameSync(folder, final)
      } catch (error) {
        if (replaces) renameSync(old, final)
        throw error
      }
      remove(old)
    },
    discard: () => remove(folder),
  }
}

function tidy(final: string): void {
  for (const name of readdirSync(dirname(final))) {
    const [, kind, pid] = new RegExp(`^${basename(final)}\\.(new|old)-(\\d+)$`).exec(name) ?? []
    if (kind === undefined || isRunning(Number(pid))) continue
    const left = join(dirname(final), name)
    // Killed between two renames: what was there before is the only one there is.
    if (kind === 'old' && !existsSync(final)) renameSync(left, final)
    else remove(left)
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
