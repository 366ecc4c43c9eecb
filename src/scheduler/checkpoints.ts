import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The checkpoints of a study's trials, in a folder of their own. */
export interface Checkpoints {
  fileOf(trial: number): string
  /** Removes all but the needed ones, once `finished` has ended: only those are worth their disk space. */
  drop(finished: number, needed: readonly (number | undefined)[]): void
}

export function createCheckpoints(folder: string): Checkpoints {
  const files = existsSync(folder) ? readdirSync(folder) : []
  const present = new Set(files.flatMap((file) => /^trial-(\d+)\.bin$/.exec(file)?.slice(1).map(Number) ?? []))
  const fileOf = (trial: number) => join(folder, `trial-${trial}.bin`)
  return {
    fileOf,
    drop(finished, needed) {
      present.add(finished)
      for (const trial of present) {
        if (needed.includes(trial)) continue
        rmSync(fileOf(trial), { force: true })
        present.delete(trial)
      }
    },
  }
}
