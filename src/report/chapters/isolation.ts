import { type Bucket, isolate } from '../../analysis/isolation.ts'
import type { Scalar } from '../../space/domain.ts'
import { type IsolatedParameter, isolationFigure } from '../figures/isolation.ts'
import type { ReportInput } from '../input.ts'
import { code, details } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { beyondNote } from './notes.ts'
import { rough } from './shares.ts'

const LEAST_TRIALS = 10
const MOST_PANELS = 24

/** The best of each value of each parameter, as if the others had been tuned for it. */
export function isolationChapter(input: ReportInput): Chapter | undefined {
  const { varied, view, metric, ranked } = input
  if (ranked.length < LEAST_TRIALS || varied.length < 2) return undefined
  const parameters: IsolatedParameter[] = varied.flatMap((parameter) => {
    const found = isolate(view, parameter.name)
    return found.known ? [{ parameter, found: found.value }] : []
  })
  if (parameters.length === 0) return undefined
  const shown = parameters.slice(0, MOST_PANELS)
  const figure = isolationFigure(input, shown)
  return {
    title: 'Isolation',
    blocks: [
      lead(metric, parameters),
      ...(shown.length < parameters.length
        ? [`Drawn: the first ${shown.length} of ${parameters.length} parameters.`]
        : []),
      ...beyondNote(figure.limit, 'values beyond it are drawn at its end'),
      showFigure(figure),
      details(
        'How a value is judged, and what that does not say',
        [
          'For each value, or each eighth of a range along its scale, the best trial is shown, whatever the other parameters were: they count as tuned for it (the isolation plot of the tuning playbook). The interval reaches to what the best of as many trials of that value would be at worst in 95 % of cases, resampled from those that there were; how much better a luckier search would come out it cannot say.',
          'A value with more trials has had more chances, as samplers that learn give to values they take to be good. So a value counts as worse only where its best would be that bad with less than 5 % if as many trials were drawn from all, for all values of this chapter together (Bonferroni). Trials without a value are left out.',
        ].join('\n\n'),
      ),
    ],
    figures: [figure],
  }
}

/** Names the values whose best is worse than chance explains. */
function lead(metric: string, parameters: readonly IsolatedParameter[]): string {
  const looked = parameters.reduce((sum, { found }) => sum + found.filter(({ trials }) => trials > 0).length, 0)
  const worse = parameters.flatMap(({ parameter, found }) => {
    const bad = found.filter(({ chance }) => chance !== undefined && chance * looked < 0.05)
    return bad.length > 0 ? [`${code(parameter.name)} (${stretches(bad.map(({ bucket }) => bucket)).join(', ')})`] : []
  })
  return [
    `The best ${code(metric)} of each value of a parameter, over all that the others were.`,
    worse.length === 0
      ? 'No value is worse than chance explains: choose among them by cost, or run more trials.'
      : `Worse than chance explains, and to be left out: ${worse.join('; ')}. The other values have not been shown to matter.`,
  ].join(' ')
}

/** Values by name; neighbouring stretches as one. */
function stretches(buckets: readonly Bucket[]): string[] {
  const joined: { from: Scalar; to: Scalar; end: number; isStretch: boolean }[] = []
  for (const { value, ends, from, to } of buckets) {
    const last = joined.at(-1)
    if (last?.isStretch && value === undefined && last.end === from) {
      last.to = ends[1]
      last.end = to
    } else joined.push({ from: ends[0], to: ends[1], end: to, isStretch: value === undefined })
  }
  return joined.map(({ from, to, isStretch }) => (isStretch ? `${shown(from)} to ${shown(to)}` : shown(from)))
}

function shown(value: Scalar): string {
  return typeof value === 'number' ? rough(value) : code(String(value), 30)
}
