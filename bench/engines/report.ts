import { table } from '../../src/report/markdown.ts'
import { digits } from './digits.ts'
import { judge, type Outcome, type Verdict } from './goals.ts'
import type { Machine } from './machine.ts'
import { MODEL_NAMES } from './models/models.ts'
import { profileSections } from './report-profile.ts'
import { findRow, type Missing, type Row } from './result.ts'

export interface Results extends Outcome {
  readonly date: string
  readonly machine: Machine
  /** What each contestant computes on, and with which libraries. */
  readonly contestants: readonly {
    readonly name: string
    readonly device: string
    readonly onGpu: boolean
    readonly versions: Readonly<Record<string, string>>
  }[]
}

const COLUMNS = ['batch', 'engine', 'ms a step', '95% interval', 'examples/s', 'GFLOP/s', 'of PyTorch']
const MORE = ['forward + backward, ms', 'Adam, ms', 'host, ms', 'resident MB', 'tensors MB']

/** The results as a page of Markdown. */
export function toMarkdown(results: Results): string {
  const { machine, rows, missing, date } = results
  const models = MODEL_NAMES.filter((model) => rows.some((row) => row.model === model))
  const verdicts = judge(results)
  const parts = [
    `# Engines on ${machine.gpus[0] ?? machine.processor}, ${machine.cores} cores`,
    `Measured ${date} by \`node bench/engines.ts\`, which says how ([bench/README.md](../README.md)).`,
    aboutMachine(results),
    ...(verdicts.length > 0
      ? ['## Goals', table(VERDICT_COLUMNS, verdicts.map(verdictCells), ['l', 'l', 'l', 'r', 'r', 'r', 'l'])]
      : []),
    ...models.flatMap((model) => [
      `## ${model}`,
      table(
        [...COLUMNS, ...MORE],
        rows.filter((row) => row.model === model).map((row) => cells(row, results)),
        ['r', 'l', ...Array.from({ length: 10 }, () => 'r' as const)],
      ),
    ]),
    ...rows.flatMap(profileSections),
    ...(missing.length > 0 ? ['## Missing rows', missing.map(missingLine).join('\n')] : []),
  ]
  return `${parts.join('\n\n')}\n`
}

function aboutMachine({ machine, contestants }: Results): string {
  const lines = [
    `${machine.cores} cores of ${machine.processor}, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB; ${machine.system}; Node ${machine.node}`,
    ...machine.gpus,
    ...contestants.map(({ name, device, versions }) => {
      const known = Object.entries(versions).map(([library, version]) => `${library} ${version}`)
      return `${name}: ${[device, ...known].join('; ')}`
    }),
  ]
  return lines.map((line) => `- ${line}`).join('\n')
}

function cells(row: Row, { rows, contestants }: Results): string[] {
  const onGpu = contestants.find(({ name }) => name === row.engine)?.onGpu ?? false
  const peer = findRow(rows, onGpu ? 'torch-cuda' : 'torch', row.model, row.batch)
  const estimated = row.estimatedFrom !== undefined
  const interval =
    row.stepMsLow === null || row.stepMsHigh === null ? '' : `${digits(row.stepMsLow)}–${digits(row.stepMsHigh)}`
  return [
    String(row.batch),
    estimated ? `${row.engine} (in proportion to batch ${row.estimatedFrom})` : row.engine,
    digits(row.stepMs),
    interval,
    digits((1000 * row.batch) / row.stepMs),
    digits(row.gflops),
    peer ? digits(peer.stepMs / row.stepMs) : '',
    digits(row.gradientsMs),
    digits(row.optimizerMs),
    digits(row.hostMs),
    estimated ? '' : megabytes(row.residentBytes),
    estimated ? '' : megabytes(row.deviceBytes),
  ]
}

export const VERDICT_COLUMNS = ['step rate of', 'against', 'model', 'batch', 'goal', 'measured', 'met']

/** A row of the table of goals. */
export function verdictCells(verdict: Verdict): string[] {
  const { engine, peer, model, batch, atLeast } = verdict
  const outcome = 'why' in verdict ? ['', 'not measured'] : [digits(verdict.ratio), verdict.met ? 'yes' : 'no']
  return [engine, peer, model, String(batch), String(atLeast), ...outcome]
}

function missingLine({ engine, model, batch, why }: Missing): string {
  return `- ${[engine, model, batch].filter((part) => part !== undefined).join(', ')}: ${why}`
}

function megabytes(bytes: number | null): string {
  return bytes === null ? '' : (bytes / 1e6).toFixed(0)
}
