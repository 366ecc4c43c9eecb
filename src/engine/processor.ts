import { cpus } from 'node:os'

/** Asked for before every trial; the system counts the cycles of every core for an answer. */
let model: string | undefined

/** The processor's model as the operating system names it. */
export function processor(): string {
  model ??= cpus()[0]?.model.trim() || 'unknown processor'
  return model
}
