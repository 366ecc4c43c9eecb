import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { markdownTable } from 'markdown-table'
import type { Figure } from '../../src/report/figures/figure.ts'
import { render } from '../../src/report/render.ts'
import type { Machine } from '../engines/machine.ts'

export interface SlotsRow {
  readonly slots: number
  /** Trials, in all. */
  readonly finished: number
  /** Milliseconds from the end of a trial in its trainer to its commit. */
  readonly lagP50: number
  readonly lagP99: number
  /** Milliseconds for which the scheduler's loop was late. */
  readonly blockedP99: number
  /** The part of its time that a slot stood empty between two trials. */
  readonly idleShare: number
}

export interface Results {
  machine: Machine
  date: string
  /** Jobs a second: BullMQ alone; ours with imitated trainers; with trainer processes. */
  throughput?: { workers: number; raw: number; imitated: number; real: number }[]
  /** Optuna through its journal in Redis, trials a second. */
  peer?: { name: string; rate: number } | undefined
  /** Milliseconds. */
  latency?: { count: number; p50: number; p99: number }
  slots?: SlotsRow[]
}

interface Goal {
  readonly goal: string
  readonly aim: string
  readonly measured: string
  readonly met: boolean
}

function goalsOf({ throughput = [], latency, slots = [] }: Results): Goal[] {
  const most = slots.at(-1)
  return [
    ...throughput.map(({ workers, raw, real }) => ({
      goal: `trials a second with ${workers} worker${workers > 1 ? 's' : ''}, of the jobs of BullMQ alone`,
      aim: '≥ 0.7',
      measured: (real / raw).toFixed(2),
      met: real >= 0.7 * raw,
    })),
    ...(latency
      ? [
          {
            goal: 'from a trial to the next in its slot, p50, ms',
            aim: '≤ 5',
            measured: latency.p50.toFixed(1),
            met: latency.p50 <= 5,
          },
          { goal: 'the same, p99, ms', aim: '≤ 25', measured: latency.p99.toFixed(1), met: latency.p99 <= 25 },
        ]
      : []),
    ...(most
      ? [
          {
            goal: `${most.slots} slots: scheduler lag p99, ms`,
            aim: '≤ 100',
            measured: most.lagP99.toFixed(0),
            met: most.lagP99 <= 100,
          },
          {
            goal: `${most.slots} slots: time that slots are idle`,
            aim: '≤ 1 %',
            measured: `${(100 * most.idleShare).toFixed(2)} %`,
            met: most.idleShare <= 0.01,
          },
        ]
      : []),
  ]
}

/** Writes the page, and the curve over slots beside it. */
export async function toMarkdown(results: Results, file: string): Promise<void> {
  const { machine, date, throughput, slots } = results
  const lines = [
    `# Workers over Redis on ${machine.cores} cores`,
    `Measured ${date} by \`node bench/scale.ts\`, which says how ([bench/README.md](../README.md)), on ${machine.cores} cores of ${machine.processor}; ${machine.system}; Node ${machine.node}. Redis, scheduler and workers share them.`,
    '## Goals',
    table(
      ['goal', 'aim', 'measured', ''],
      goalsOf(results).map(({ goal, aim, measured, met }) => [goal, aim, measured, met ? 'met' : 'missed']),
    ),
  ]
  if (throughput)
    lines.push(
      '## Trials that do nothing, a second',
      table(
        ['workers', 'BullMQ alone', 'trainers imitated', 'trainer processes'],
        throughput.map(({ workers, raw, imitated, real }) => [workers, raw, imitated, real].map((n) => n.toFixed(0))),
      ),
    )
  if (results.peer)
    lines.push(
      `${results.peer.name}, in one process of its own that runs the trials too: ${results.peer.rate.toFixed(0)} a second.`,
    )
  if (slots) {
    const figure = lagFigure(slots)
    const { light, dark } = await render(figure)
    writeFileSync(`${file}.light.svg`, light)
    writeFileSync(`${file}.dark.svg`, dark)
    lines.push(
      '## Slots under one scheduler',
      'Imitated trainers, ten seconds a trial, a measurement a second each.',
      table(
        ['slots', 'trials', 'lag p50, ms', 'lag p99, ms', 'loop late p99, ms', 'slots idle, %'],
        slots.map((row) => [
          ...[row.slots, row.finished].map(String),
          ...[row.lagP50, row.lagP99, row.blockedP99].map((ms) => ms.toFixed(1)),
          (100 * row.idleShare).toFixed(2),
        ]),
      ),
      `<picture>\n  <source media="(prefers-color-scheme: dark)" srcset="${basename(file)}.dark.svg">\n  <img alt="${figure.alt}" src="${basename(file)}.light.svg">\n</picture>`,
    )
  }
  writeFileSync(`${file}.md`, `${lines.join('\n\n')}\n`)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return markdownTable(
    [head, ...rows].map((row) => [...row]),
    { align: head.map((_, i) => (i === 0 ? 'l' : 'r')) },
  )
}

function lagFigure(rows: readonly SlotsRow[]): Figure {
  const values = rows.flatMap(({ slots, lagP50, lagP99 }) => [
    { slots, ms: lagP50, share: 'half of the trials' },
    { slots, ms: lagP99, share: '99 of 100' },
  ])
  return {
    name: 'slots',
    alt: 'How long a result waits for its commit, by the number of slots: the median and the 99th percentile.',
    data: { columns: ['slots', 'ms', 'share'], rows: values.map(({ slots, ms, share }) => [slots, ms, share]) },
    spec: (theme) => ({
      data: { values },
      ...{ width: 600, height: 240 },
      mark: { type: 'line', point: true },
      encoding: {
        x: { field: 'slots', type: 'quantitative', scale: { type: 'log' }, title: 'slots' },
        y: { field: 'ms', type: 'quantitative', scale: { zero: true }, title: 'from a result to its commit, ms' },
        color: { field: 'share', type: 'nominal', title: null, scale: { range: [theme.best, theme.complete] } },
      },
    }),
  }
}
