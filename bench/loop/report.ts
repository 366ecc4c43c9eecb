import { table } from '../../src/report/markdown.ts'
import { digits } from '../engines/digits.ts'
import type { Machine } from '../engines/machine.ts'
import { GOAL, type Missing, type Row } from './result.ts'

export interface Results {
  readonly date: string
  readonly machine: Machine
  readonly rows: readonly Row[]
  readonly missing: readonly Missing[]
}

const COLUMNS = [
  ...['engine', 'model', 'batch', 'minimize, ms', 'bare step, ms', 'loop', 'ms a step'],
  ...['of the bare step', '95% interval', 'of minimize'],
]

/** The results as a page of Markdown. */
export function toMarkdown({ date, machine, rows, missing }: Results): string {
  const parts = [
    `# The training loop on ${machine.cores} cores`,
    `Measured ${date} by \`node bench/loop.ts\`, which says how ([bench/README.md](../README.md)), on ${machine.cores} cores of ${machine.processor}; ${machine.system}; Node ${machine.node}. With probes off a step of the loop is to take no more than ${GOAL} bare steps, which are gradients and our optimizer with nothing around them; \`minimize\` is the step as users of TensorFlow.js write it, with its own Adam.`,
    table(COLUMNS, rows.flatMap(cellsOf), ['l', 'l', 'r', 'r', 'r', 'l', 'r', 'r', 'l', 'r']),
    ...(missing.length > 0
      ? [`## Missing rows`, missing.map(({ engine, model, why }) => `- ${engine}, ${model}: ${why}`).join('\n')]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}

export function cellsOf({ engine, model, batch, bareMs, minimizeMs, variants }: Row): string[][] {
  return variants.map(({ variant, stepMs, ratio, low, high }) => [
    ...[engine, model, String(batch), digits(minimizeMs), digits(bareMs), variant, digits(stepMs), ratio.toFixed(3)],
    low === null || high === null ? '' : `${low.toFixed(3)} to ${high.toFixed(3)}`,
    (stepMs / minimizeMs).toFixed(3),
  ])
}
