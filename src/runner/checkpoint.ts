import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { makeFolder } from '../store/make-folder.ts'
import type { Checkpoint } from '../study/trial.ts'

/** A checkpoint in a file, written beside it first and renamed into place, so that a reader finds a whole one or none. */
export function fileCheckpoint(path: string): Checkpoint {
  return {
    save(step, state) {
      makeFolder(dirname(path))
      const draft = `${path}.${process.pid}`
      try {
        writeFileSync(draft, serialize({ step, state }))
        renameSync(draft, path)
      } catch (error) {
        rmSync(draft, { force: true })
        throw error
      }
    },
    load() {
      if (!existsSync(path)) return undefined
      const saved: { step: number; state: unknown } = deserialize(readFileSync(path))
      return saved
    },
  }
}
