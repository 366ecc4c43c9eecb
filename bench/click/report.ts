import { table } from '../../src/report/markdown.ts'
import type { Assignment } from '../../src/space/params.ts'
import { digits } from '../engines/digits.ts'
import type { Machine } from '../engines/machine.ts'
import { mean, standardDeviation } from './choose.ts'

export interface Row {
  readonly compared: Assignment
  readonly tuned: Assignment
  readonly parameters: number
  /** For each seed; seconds are the processor's. */
  readonly seconds: readonly number[]
  readonly validation: readonly number[]
  readonly test: readonly number[]
}

export interface Results {
  readonly name: string
  readonly question: string
  readonly date: string
  readonly machine: Machine
  readonly engine: string
  /** The study's metric; that of the test rows is named alike. */
  readonly metric: string
  readonly trials: number
  /** Best on validation first. */
  readonly rows: readonly Row[]
  readonly peer?: Row & { readonly by: string }
  /** Why there is no peer. */
  readonly missing?: string
}

/** The results as a page of Markdown. */
export function toMarkdown(results: Results): string {
  const { name, question, date, machine, engine, trials, rows, missing } = results
  const { processor, cores, memoryBytes, system, node } = machine
  const facts = [
    `${cores} cores of ${processor}, ${(memoryBytes / 2 ** 30).toFixed(0)} GiB; ${system}; Node ${node}`,
    engine,
    `${trials} trials; mean ± standard deviation over ${rows[0]?.test.length} seeds; best on validation first`,
    ...(missing ? [`PyTorch is missing: ${missing}`] : []),
  ]
  return `${[
    `# ${name} on ${processor}, ${cores} cores`,
    question,
    `Measured ${date} by \`node bench/click.ts --studies ${name}\`, which [docs/click-models.md](../../docs/click-models.md) explains.`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    table(columnsOf(results), cellsOf(results), ['l', 'r', 'r', 'r', 'r', 'l']),
  ].join('\n\n')}\n`
}

/** The table's header. */
export function columnsOf({ metric }: Pick<Results, 'metric'>): string[] {
  const name = metric.replace('validation', '').toUpperCase()
  return ['model', `test ${name}`, `validation ${name}`, 'parameters', 'processor seconds a run', 'settings']
}

/** The table's rows, that of the peer last. */
export function cellsOf({ rows, peer }: Pick<Results, 'rows' | 'peer'>): string[][] {
  return [...rows, ...(peer ? [peer] : [])].map((row) => [
    [...(row === peer ? [peer.by] : []), ...Object.entries(row.compared).map(shown)].join(', '),
    ...[row.test, row.validation].map(spread),
    row.parameters.toLocaleString('en-US'),
    digits(mean(row.seconds)),
    Object.entries(row.tuned).map(shown).join(', '),
  ])
}

/** A number with its name, without the branch it is of; anything else says enough by itself. */
function shown([name, value]: readonly [string, unknown]): string {
  return typeof value === 'number' ? `${name.split('.').at(-1)} ${digits(value)}` : String(value)
}

/** To the first two digits of the deviation. */
function spread(values: readonly number[]): string {
  const [middle, deviation] = [mean(values), standardDeviation(values)]
  const places = Math.max(0, 1 - Math.floor(Math.log10(deviation)))
  const write = (value: number) => (places > 6 ? value.toExponential(1) : value.toFixed(places))
  return `${write(middle)} ± ${write(deviation)}`
}
