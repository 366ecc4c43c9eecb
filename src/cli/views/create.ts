import type { StudyDefinition } from '../../study/study.ts'
import { jsonView } from './json.ts'
import { linesView } from './lines.ts'
import { liveView } from './live.ts'
import type { View } from './view.ts'

/** A live picture on a terminal, plain lines elsewhere, JSON lines when asked for. */
export function createView(json: boolean, definition: StudyDefinition): View {
  if (json) return jsonView((line) => process.stdout.write(`${line}\n`))
  if (isLive()) return liveView(definition)
  return linesView(definition, (line) => process.stdout.write(`${line}\n`))
}

/** Whether the output can be redrawn in place, and somebody may be looking. */
export function isLive(): boolean {
  return process.stdout.isTTY && process.env.TERM !== 'dumb' && !process.env.CI
}
