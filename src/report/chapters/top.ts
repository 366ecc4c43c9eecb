import { formatNumber } from '../format.ts'
import { paramOf, type ReportInput } from '../input.ts'
import { code, table } from '../markdown.ts'
import { trialTable } from '../trial-table.ts'
import type { Chapter } from './chapter.ts'

const COUNT = 10
const MAX_METRICS = 8

/** The ten best trials, and all of them as data. */
export function topChapter(input: ReportInput): Chapter | undefined {
  const { trials, ranked, varied, metric } = input
  if (trials.length === 0) return undefined
  const top = ranked.slice(0, COUNT)
  const names = [...new Set(top.flatMap((trial) => Object.keys(trial.metrics ?? {})))].filter((name) => name !== metric)
  const metrics = names.slice(0, MAX_METRICS)
  const number = (value: number | undefined) => (value === undefined ? '' : formatNumber(value))
  const rows = top.map((trial, index) => [
    String(index + 1),
    String(trial.number),
    number(trial.value),
    ...varied.map((parameter) => {
      const value = paramOf(trial, parameter)
      return typeof value === 'number' ? formatNumber(value) : value === undefined ? '' : code(String(value), 30)
    }),
    ...metrics.map((name) => number(trial.metrics?.[name])),
    trial.seconds === undefined ? '' : formatNumber(Number(trial.seconds.toPrecision(3))),
  ])
  const headings = ['rank', 'trial', metric, ...varied.map(({ name }) => name), ...metrics].map((name, index) =>
    index < 2 ? name : code(name, 40),
  )
  const left = names.length - metrics.length
  return {
    title: top.length > 0 ? 'Top ten' : 'All trials',
    blocks: [
      ...(top.length > 0
        ? [
            table(
              [...headings, 'seconds'],
              rows,
              [...headings, 'seconds'].map(() => 'r'),
            ),
          ]
        : []),
      `Every trial, with all digits: [data/trials.csv](data/trials.csv)${left > 0 ? `, with ${left} further metrics` : ''}`,
    ],
    figures: [],
    data: [{ name: 'trials', table: trialTable(input) }],
  }
}
