import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { makeFolder } from '../store/make-folder.ts'
import { writeWhole } from '../store/write-whole.ts'
import type { Checkpoint } from '../study/trial.ts'

/** A checkpoint in a file, which a reader finds whole or not at all. */
export function fileCheckpoint(path: string): Checkpoint {
  return {
    save(step, state) {
      makeFolder(dirname(path))
      writeWhole(path, serialize({ step, state }))
    },
    load() {
      if (!existsSync(path)) return undefined
      const saved: { step: number; state: unknown } = deserialize(readFileSync(path))
      return saved
    },
  }
}
