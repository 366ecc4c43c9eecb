import { table } from '../../src/report/markdown.ts'

/** A pruner over all orders of some curves. */
export interface Row {
  readonly pruner: string
  /** `all` curves, or a random `half` of them that is another in each order. */
  readonly curves: 'all' | 'half'
  readonly orders: number
  /** Steps trained as a share of all: mean, and 95 % of the orders need at most. */
  readonly share: number
  readonly shareHigh: number
  /** Points of error above the best of all: mean and worst. */
  readonly above: number
  readonly aboveWorst: number
  /** Share of the orders in which the best trial was stopped before it had shown what it is. */
  readonly lostBest: number
  readonly decisionMs: number
}

export interface Results {
  readonly date: string
  readonly made: string
  readonly parallel: number
  readonly rows: readonly Row[]
}

const GOALS = { share: 0.25, above: 0.1, lostBest: 0.02 }
/** Those that the goals are set for. */
const HELD = ['successiveHalving', 'hyperband', 'learningCurve']

export const COLUMNS = [
  'pruner',
  'curves',
  'steps, %',
  '95 % of orders, %',
  'points above best',
  'worst',
  'best lost, %',
  'goals',
  'ms a decision',
]

export function cells({ rows }: Results): string[][] {
  return rows.map((row) => [
    row.pruner,
    row.curves,
    (100 * row.share).toFixed(1),
    (100 * row.shareHigh).toFixed(1),
    row.above.toFixed(3),
    row.aboveWorst.toFixed(2),
    (100 * row.lostBest).toFixed(1),
    HELD.includes(row.pruner) ? (isMet(row) ? 'met' : 'missed') : '',
    row.decisionMs.toPrecision(2),
  ])
}

function isMet({ share, above, lostBest }: Row): boolean {
  return share <= GOALS.share && above <= GOALS.above && lostBest < GOALS.lostBest
}

export function toMarkdown(results: Results): string {
  const { date, made, parallel, rows } = results
  return [
    '# Pruners on recorded curves',
    '',
    `Measured ${date} by \`node bench/pruners.ts\`, which says how ([bench/README.md](../README.md)).`,
    '',
    `- Curves: ${made}`,
    `- ${rows[0]?.orders ?? 0} random orders of all curves, and as many of a random half of them; ${parallel} trials at once.`,
    '- Goals: at most 25 % of the steps, at most 0.1 points of error above the best of all, and the best trial lost in less ' +
      'than 2 % of the orders.',
    '',
    table(COLUMNS, cells(results), ['l', 'l', 'r', 'r', 'r', 'r', 'r', 'l', 'r']),
    '',
  ].join('\n')
}
