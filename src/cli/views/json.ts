import { toJson } from '../../study/json.ts'
import type { View } from './view.ts'

/** One JSON object a line for each event; remarks go to standard error, so that the lines stay parseable. */
export function jsonView(print: (line: string) => void): View {
  return {
    begin({ record, definition, finishedBefore }) {
      print(JSON.stringify({ type: 'study', name: record.name, number: record.number, definition, finishedBefore }))
    },
    progress: (progress) => print(toJson(progress)),
    say: (text) => process.stderr.write(`${text}\n`),
    end() {},
  }
}
