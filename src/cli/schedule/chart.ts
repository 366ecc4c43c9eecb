import { styleText } from 'node:util'
import { logTicks } from '../../report/figures/axes.ts'
import { formatNumber, shortName } from '../../report/format.ts'
import { type Canvas, createCanvas } from './canvas.ts'
import { columnsOf, rangeOf, type Series } from './series.ts'
import { niceTicks } from './ticks.ts'

export interface ChartOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Whether the values have a logarithmic axis. */
  readonly log: boolean
  /** Whether colours tell the series apart; else letters do. */
  readonly colour: boolean
}

const ROWS = 14
const DOTS = 4 * ROWS
const COLOURS = ['cyan', 'yellow', 'magenta', 'green', 'red', 'blue'] as const

/** Draws series into one chart of Braille dots, with both axes and a line for each series that says what it is. */
export function drawChart(series: readonly Series[], { width, log, colour }: ChartOptions): string {
  const axis = valueAxis(series, log)
  const labels = new Map(axis.ticks.map((tick) => [(axis.dot(tick) ?? 0) >> 2, formatNumber(tick)]))
  const margin = Math.max(...[...labels.values()].map((label) => label.length))
  const columns = Math.max(20, width - margin - 2)
  const canvas = createCanvas(columns, ROWS)
  for (const [owner, { values }] of series.entries()) drawLine(canvas, columns, values, axis, owner)

  const isMany = series.length > 1
  const letter = (owner: number) => (isMany && !colour ? String.fromCharCode(97 + (owner % 26)) : undefined)
  const paint = (text: string, owner: number) =>
    isMany && colour ? styleText(COLOURS[owner % COLOURS.length] ?? 'cyan', text, { validateStream: false }) : text
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const label = labels.get(row)
    const line = canvas.row(row).map((cell) => (cell ? paint(letter(cell.owner) ?? cell.text, cell.owner) : ' '))
    return `${(label ?? '').padStart(margin)} ${label === undefined ? '│' : '┤'}${line.join('')}`.trimEnd()
  })
  const legend = series.map(({ label, values }, owner) => {
    const ends = `  ${formatNumber(values[0] ?? 0)} to ${formatNumber(values.at(-1) ?? 0)}`
    const key = isMany ? `${letter(owner) ?? '━━'} ` : ''
    return paint(key, owner) + shortName(label, Math.max(10, width - key.length - ends.length)) + ends
  })
  return [...legend, '', ...rows, ...stepAxis((series[0]?.values.length ?? 1) - 1, columns, margin)].join('\n')
}

interface ValueAxis {
  readonly ticks: readonly number[]
  /** How many dots from the top a value is; undefined where it is below the axis: 0 on a logarithmic one. */
  dot(value: number): number | undefined
}

function valueAxis(series: readonly Series[], isLog: boolean): ValueAxis {
  const { low, high } = rangeOf(series, isLog)
  const along = isLog ? Math.log10 : (value: number) => value
  return {
    ticks: isLog ? logTicks(low, high) : niceTicks(low, high, 5),
    dot(value) {
      const part = (along(value) - along(low)) / (along(high) - along(low))
      return part > -1e-6 ? Math.min(DOTS - 1, Math.max(0, Math.round((1 - part) * (DOTS - 1)))) : undefined
    },
  }
}

/** In every column of dots from the highest to the lowest value there, and to where the column before it ended. */
function drawLine(canvas: Canvas, columns: number, values: Float64Array, { dot }: ValueAxis, owner: number): void {
  let before: number | undefined
  for (const [x, { to, lowest, highest }] of columnsOf(values, 2 * columns).entries()) {
    const top = dot(values[highest] ?? 0)
    const bottom = dot(values[lowest] ?? 0) ?? DOTS - 1
    if (top !== undefined)
      for (let y = Math.min(top, before ?? top); y <= Math.max(bottom, before ?? bottom); y++) canvas.dot(x, y, owner)
    before = dot(values[to] ?? 0)
  }
}

/** The line below the chart, and its numbers, as many as have room. */
function stepAxis(steps: number, columns: number, margin: number): string[] {
  const line = new Array<string>(columns).fill('─')
  let numbers = ''
  for (const step of niceTicks(0, steps, Math.max(1, Math.floor(columns / 12))).filter(Number.isSafeInteger)) {
    const column = Math.min(columns - 1, Math.floor((step * columns) / (steps + 1)))
    const label = formatNumber(step)
    const start = Math.max(0, Math.min(columns - label.length, column - Math.floor(label.length / 2)))
    if (start < numbers.length + (numbers === '' ? 0 : 2)) continue
    line[column] = '┬'
    numbers = numbers.padEnd(start) + label
  }
  return [`${' '.repeat(margin)} └${line.join('')}`, `${' '.repeat(margin + 2)}${numbers}`]
}
