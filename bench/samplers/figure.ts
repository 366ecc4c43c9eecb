import type { Figure } from '../../src/report/figures/figure.ts'
import type { Theme } from '../../src/report/theme.ts'
import type { Contest, Entry } from './result.ts'

const COLUMNS = 3
const WIDTH = 215
const HEIGHT = 150

/** Those that are drawn, by the name in the legend; more lines than these cannot be told apart. */
const LINES: Readonly<
  Record<string, { readonly is: (entry: Entry) => boolean; readonly color: (theme: Theme) => string }>
> = {
  auto: { is: ({ by, sampler }) => by === 'dynotune' && sampler === 'auto', color: ({ best }) => best },
  'Optuna, GP': { is: ({ by, sampler }) => by === 'Optuna' && sampler === 'gp', color: ({ complete }) => complete },
  'Optuna, TPE': { is: ({ by, sampler }) => by === 'Optuna' && sampler === 'tpe', color: ({ stopped }) => stopped },
  'Optuna, CMA-ES': {
    is: ({ by, sampler }) => by === 'Optuna' && sampler === 'cmaes',
    color: ({ infeasible }) => infeasible,
  },
  'Optuna, NSGA-II': {
    is: ({ by, sampler }) => by === 'Optuna' && sampler === 'nsga2',
    color: ({ complete }) => complete,
  },
  'Optuna, random': { is: ({ by, sampler }) => by === 'Optuna' && sampler === 'random', color: ({ muted }) => muted },
}

/**
 * The median by trial of each subject, with the quartiles as a band; on a log scale.
 * @param title of the vertical axis
 * @param floor values below are drawn there
 */
export function coursesFigure(name: string, contests: readonly Contest[], title: string, floor: number): Figure {
  const values = contests.flatMap(({ subject, entries }) =>
    Object.entries(LINES).flatMap(([label, { is }]) =>
      (entries.find(is)?.course ?? []).flatMap(([trial, low, median, high]) => {
        if (low === null || median === null || high === null) return []
        const [bottom, y, top] = [low, median, high].map((value) => Math.max(floor, 1e-12, value))
        return [{ subject, label, trial, bottom, y, top }]
      }),
    ),
  )
  const labels = Object.keys(LINES).filter((label) => values.some((value) => value.label === label))
  return {
    name,
    alt: `${title} by trial, medians with quartiles: ${labels.join(', ')}; on ${contests.map(({ subject }) => subject).join(', ')}.`,
    data: {
      columns: ['subject', 'sampler', 'trial', 'low', 'median', 'high'],
      rows: values.map(({ subject, label, trial, bottom, y, top }) => [subject, label, trial, bottom, y, top]),
    },
    spec(theme) {
      const x = { field: 'trial', type: 'quantitative' as const, title: 'trial', scale: { zero: false, nice: false } }
      const sort = contests.map(({ subject }) => subject)
      const scale = { type: 'log' as const, zero: false, nice: false }
      const axis = { format: '~e', tickCount: 4 }
      const y = { type: 'quantitative' as const, title: null, scale, axis }
      const color = {
        field: 'label',
        type: 'nominal' as const,
        scale: { domain: labels, range: labels.map((label) => LINES[label]?.color(theme) ?? theme.text) },
        legend: { symbolType: 'stroke', symbolStrokeWidth: 2, symbolOpacity: 1 },
      }
      return {
        data: { values },
        columns: COLUMNS,
        facet: { field: 'subject', type: 'nominal', title: null, sort, header: { labelColor: theme.text } },
        resolve: { scale: { y: 'independent' }, axis: { x: 'independent' } },
        spec: {
          width: WIDTH,
          height: HEIGHT,
          layer: [
            {
              mark: { type: 'area', opacity: 0.15 },
              encoding: { x, y: { ...y, field: 'bottom' }, y2: { field: 'top' }, color },
            },
            { mark: { type: 'line', strokeWidth: 1.8 }, encoding: { x, y: { ...y, field: 'y' }, color } },
          ],
        },
      }
    },
  }
}
