import { cpus } from 'node:os'

/** The processor's model as the operating system names it. */
export function processor(): string {
  return cpus()[0]?.model.trim() || 'unknown processor'
}
