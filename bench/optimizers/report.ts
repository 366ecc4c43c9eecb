import { table } from '../../src/report/markdown.ts'
import { digits } from '../engines/digits.ts'
import type { Machine } from '../engines/machine.ts'
import type { Missing, Row } from './result.ts'
import { SUBJECTS } from './subjects.ts'

export interface Results {
  readonly date: string
  readonly machine: Machine
  /** Of PyTorch, where it is there. */
  readonly torch?: { readonly version: string; readonly threads: number }
  readonly rows: readonly Row[]
  readonly missing: readonly Missing[]
}

/** A step may take so many times what it takes PyTorch. */
export const GOAL = 2

export const COLUMNS = [
  'optimizer',
  'engine',
  'ms a step',
  '95% interval',
  'torch',
  'torch, ms',
  'times torch',
  'goal',
  'floor, ms',
  'times floor',
  'state, MB',
]

/** The table's rows: of each optimizer one an engine. */
export function cells({ rows }: Results): string[][] {
  return rows.flatMap((row) => {
    const subject = SUBJECTS[row.optimizer]
    if (row.engine === 'torch' || !subject) return []
    const peer = rows.find(
      ({ engine, optimizer }) => engine === 'torch' && optimizer === (subject.peer ?? subject.nearest),
    )
    const ratio = peer ? row.stepMs / peer.stepMs : null
    const interval =
      row.stepMsLow === null || row.stepMsHigh === null ? '' : `${digits(row.stepMsLow)}–${digits(row.stepMsHigh)}`
    return [
      [
        row.optimizer,
        row.engine,
        digits(row.stepMs),
        interval,
        peer ? `${subject.peer === undefined ? '≈ ' : ''}${peer.optimizer}` : '',
        digits(peer?.stepMs ?? null),
        digits(ratio),
        ratio === null ? '' : ratio <= GOAL ? 'met' : 'missed',
        digits(row.floorMs),
        digits(row.floorMs === null ? null : row.stepMs / row.floorMs),
        digits(row.stateNumbers === null ? null : (4 * row.stateNumbers) / 1e6),
      ],
    ]
  })
}

/** The results as a page of Markdown. */
export function toMarkdown(results: Results): string {
  const { machine, torch, rows, missing, date } = results
  const peers = rows.filter(({ engine }) => engine === 'torch')
  const about = [
    `${machine.cores} cores of ${machine.processor}; ${machine.system}; Node ${machine.node}`,
    ...(torch ? [`PyTorch ${torch.version}, ${torch.threads} threads or 1, whichever is quicker`] : []),
    ...new Set(rows.filter(({ engine }) => engine !== 'torch').map(({ engine, device }) => `${engine}: ${device}`)),
  ]
  const parts = [
    `# Optimizers on ${machine.gpus[0] ?? machine.processor}, ${machine.cores} cores`,
    `Measured ${date} by \`node bench/optimizers.ts\`, which says how ([bench/README.md](../README.md)).`,
    about.map((line) => `- ${line}`).join('\n'),
    table(COLUMNS, cells(results), ['l', 'l', 'r', 'r', 'l', 'r', 'r', 'l', 'r', 'r', 'r']),
    ...(peers.length > 0
      ? [
          '## PyTorch in its other ways, ms a step',
          table(
            ['optimizer', 'as it comes', 'foreach', 'fused'],
            peers.map(({ optimizer, stepMs, ways }) => [
              optimizer,
              ...[stepMs, ways?.foreach, ways?.fused].map((ms) => digits(ms ?? null)),
            ]),
            ['l', 'r', 'r', 'r'],
          ),
        ]
      : []),
    ...(missing.length > 0
      ? [
          '## Missing rows',
          missing
            .map(({ engine, optimizer, why }) => `- ${engine}${optimizer ? `, ${optimizer}` : ''}: ${why}`)
            .join('\n'),
        ]
      : []),
  ]
  return `${parts.join('\n\n')}\n`
}
