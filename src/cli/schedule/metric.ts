import { readFileSync } from 'node:fs'
import { DynotuneError } from '../../errors.ts'
import type { ReduceOnPlateau } from '../../train/schedules/reduce-on-plateau.ts'
import { lambdaSchedule, type Schedule } from '../../train/schedules/schedule.ts'
import { parseNumber } from './grammar.ts'

export interface Measured {
  /** Steps that were done when it was measured: as in the loop, what follows it may change from that step on. */
  readonly step: number
  /** NaN where it was not finite. */
  readonly value: number
}

/** The metric that a schedule follows, in the order of its steps; throws `option.invalid` where there is none to follow. */
export type MetricSource = () => readonly Measured[]

const REMEDY =
  'write --metric 1,.8,.7,.7, or --metric and a file with a line for each: 0.7, or with its step 100,0.7, or {"step":100,"loss":0.7}'

/**
 * Parses `--metric`: values with commas between them, else the name of a file with one a line, which may begin with a
 * header. Values without steps are of the steps 1, 2, …; `nan`, `inf` and `null` are values that were not finite.
 * @throws DynotuneError `option.invalid`
 */
export function readMetric(text: string): readonly Measured[] {
  const values = text.split(',').map(toMetric)
  if (values.every((value) => value !== undefined)) return values.map((value, i) => ({ step: i + 1, value }))
  return parseLines(readText(text), text)
}

/** What a plateau that observes the metric multiplies with at each step; it stays after the last value. */
export function followMetric(plateau: ReduceOnPlateau, metric: readonly Measured[]): Schedule {
  let state = plateau.start()
  const reductions: { readonly from: number; readonly factor: number }[] = []
  for (const { step, value } of metric) {
    const { factor } = state
    state = plateau.observe(state, value)
    if (state.factor !== factor) reductions.push({ from: step, factor: state.factor })
  }
  return lambdaSchedule((step) => reductions.findLast(({ from }) => from <= step)?.factor ?? 1)
}

export function noMetric(): never {
  throw refused('reduceOnPlateau follows a metric, and none is given.', 'spec', 'reduceOnPlateau')
}

/** Within what has steps of its own, those of the metric would be others. */
export function partOfMetric(): never {
  throw new DynotuneError('option.invalid', 'reduceOnPlateau follows the metric of the whole training.', {
    path: 'spec',
    value: 'reduceOnPlateau',
    remedy: 'multiply the rest with it: (warmup:50->cosine:950)*reduceOnPlateau',
  })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw refused('--metric takes numbers, or a file that can be read.', '--metric', file, cause)
  }
}

function parseLines(text: string, file: string): Measured[] {
  const lines = text.split('\n').map((line, i) => ({ at: `${file}:${i + 1}`, line, cells: cellsOf(line.trim()) }))
  const rows = lines.filter(({ line }) => line.trim() !== '')
  if (rows[0]?.cells?.every((cell) => toMetric(cell) === undefined)) rows.shift()
  if (rows.length === 0) throw refused('The file has no values.', '--metric', file)
  const columns = rows[0]?.cells?.length
  let before = -1
  return rows.map(({ at, line, cells = [] }) => {
    const value = toMetric(cells.at(-1) ?? '')
    if (value === undefined || cells.length > 2)
      throw refused('A line is neither a value nor a step and a value.', at, line)
    if (cells.length !== columns) throw refused('All values have a step, or none has.', at, line)
    const [step = 0] = cells.length === 2 ? cells.map(parseNumber) : [Math.max(before, 0) + 1]
    if (!Number.isSafeInteger(step) || step <= before)
      throw refused('Steps are whole numbers from 0, each above the one before.', at, line)
    before = step
    return { step, value }
  })
}

/** The step, if there is one, and the value; undefined for JSON that is broken or has other fields. */
function cellsOf(line: string): string[] | undefined {
  if (!line.startsWith('{')) return line.split(/[,\t]/)
  try {
    const { step, ...metrics }: Readonly<Record<string, unknown>> = JSON.parse(line)
    const values = Object.values(metrics)
    return values.length === 1 ? (step === undefined ? values : [step, ...values]).map(String) : undefined
  } catch {
    return undefined
  }
}

/** NaN for what stands for numbers that are not finite; undefined for what is no number. */
function toMetric(text: string): number | undefined {
  const value = parseNumber(text)
  if (Number.isFinite(value)) return value
  return /^\s*([+-]?(nan|inf(inity)?)|null)\s*$/i.test(text) ? Number.NaN : undefined
}

function refused(message: string, path: string, value: string, cause?: unknown): DynotuneError {
  return new DynotuneError('option.invalid', message, { path, value, remedy: REMEDY, cause })
}
