import type { Estimate } from '../../analysis/finding.ts'
import { oneLine, round, shortName } from '../format.ts'
import { groupsOf, type Importances } from '../importances.ts'
import type { Figure } from './figure.ts'

const WIDTH = 260
const ROW = 24
/** More rows than these are not read; the least important are left to the data. */
const MOST_ROWS = 20

interface Row {
  readonly method: string
  readonly parameter: string
  readonly share: Estimate
  readonly branch?: string
}

const FANOVA = 'of the variance (fANOVA)'
const PED_ANOVA = 'for being among the best (PED-ANOVA)'

/** The shares of both methods as bars with intervals, or undefined when neither knows any. */
export function importanceFigure(importances: Importances): Figure | undefined {
  const { pedAnova } = importances
  const rows: Row[] = [
    ...groupsOf(importances).flatMap(({ branch, found }) =>
      found.main.map(({ of, share }) => ({ method: FANOVA, parameter: of, share, ...(branch && { branch }) })),
    ),
    ...(pedAnova.known
      ? pedAnova.value.main.map(({ of, share }) => ({ method: PED_ANOVA, parameter: of, share }))
      : []),
  ]
  if (rows.length === 0) return undefined
  // In the order of whichever method finds a parameter more important.
  const most = new Map<string, number>()
  for (const { parameter, share } of rows) most.set(parameter, Math.max(share.value, most.get(parameter) ?? 0))
  const names = [...most.keys()].sort((a, b) => (most.get(b) ?? 0) - (most.get(a) ?? 0))
  const shown = names.slice(0, MOST_ROWS)
  const labels = new Map(shown.map((name, index) => [name, labelOf(name, index, shown)]))
  const methods = [FANOVA, PED_ANOVA].filter((method) => rows.some((row) => row.method === method))
  return {
    name: 'importance',
    alt: `Bars of the share that each parameter has ${methods.join(' and ')}, with 95 % intervals, most important first: ${oneLine(names.join(', '), 300)}.`,
    data: {
      columns: ['method', 'parameter', 'among', 'share', 'low', 'high'],
      rows: rows.map(({ method, parameter, share, branch }) => [
        method === FANOVA ? 'fANOVA' : 'PED-ANOVA',
        parameter,
        branch ?? 'all trials',
        ...[share.value, share.low, share.high].map((value) => Number(value.toFixed(4))),
      ]),
    },
    spec: (theme) => ({
      spacing: 24,
      hconcat: methods.map((method, index) => {
        const values = rows.flatMap(({ parameter, share, branch, ...row }) => {
          const label = labels.get(parameter)
          const [value, low, high] = [share.value, share.low, share.high].map(round)
          return row.method === method && label ? [{ label, value, low, high, isPart: branch !== undefined }] : []
        })
        const y = {
          field: 'label',
          type: 'nominal' as const,
          title: null,
          scale: { domain: [...labels.values()] },
          axis: { labelLimit: 170, ...(index > 0 && { labels: false }) },
        }
        const x = {
          type: 'quantitative' as const,
          title: `share ${method}`,
          scale: { domain: [0, 1] },
          axis: { format: '.0%', tickCount: 5, grid: true },
        }
        return {
          width: WIDTH,
          height: ROW * labels.size,
          data: { values },
          layer: [
            {
              mark: { type: 'bar' as const, height: { band: 0.6 } },
              encoding: {
                x: { ...x, field: 'value' },
                y,
                // Shares within a branch are of another whole: lighter, so that they are not read against the others.
                opacity: { condition: { test: 'datum.isPart', value: 0.45 }, value: 0.9 },
                color: { value: theme.complete },
              },
            },
            {
              mark: { type: 'rule' as const, strokeWidth: 2 },
              encoding: { x: { ...x, field: 'low' }, x2: { field: 'high' }, y, color: { value: theme.text } },
            },
          ],
        }
      }),
    }),
  }
}

/** Short, and different from all others. */
function labelOf(name: string, index: number, all: readonly string[]): string {
  const label = shortName(name, 26)
  return all.some((other, at) => at !== index && shortName(other, 26) === label)
    ? `${shortName(name, 21)} #${index + 1}`
    : label
}
