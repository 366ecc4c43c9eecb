import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** The checkpoints of a study's trials, in a folder of their own. */
export interface Checkpoints {
  fileOf(trial: number): string
  /** Removes all but the needed ones, once those of `finished` have ended: only those are worth their disk space. */
  drop(finished: readonly number[], needed: readonly (number | undefined)[]): void
}

export function createCheckpoints(folder: string): Checkpoints {
  const files = existsSync(folder) ? readdirSync(folder) : []
  const present = new Set(files.flatMap((file) => /^trial-(\d+)\.bin$/.exec(file)?.slice(1).map(Number) ?? []))
  const fileOf = (trial: number) => join(folder, `trial-${trial}.bin`)
  return {
    fileOf,
    drop(finished, needed) {
      // Of a study that saves nothing there is no folder.
      if (existsSync(folder)) for (const trial of finished) present.add(trial)
      const kept = new Set(needed)
      for (const trial of present) {
        if (kept.has(trial)) continue
        rmSync(fileOf(trial), { force: true })
        present.delete(trial)
      }
    },
  }
}
