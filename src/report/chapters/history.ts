import { historyFigure } from '../figures/history.ts'
import { formatNumber, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { beyondNote, sampledNote } from './notes.ts'

/** How the best came about. */
export function historyChapter(input: ReportInput): Chapter | undefined {
  const figure = historyFigure(input)
  const { best, metric, withoutValue } = input
  if (!figure || !best) return undefined
  const { improvements, drawn, all, beyond, limit } = figure
  const count = improvements - 1
  const course =
    count === 0
      ? `The first trial with a value, trial ${best.number}, stayed the best.`
      : `The best ${code(metric)} improved ${count === 1 ? 'once' : `${count} times`}; trial ${best.number} reached ${formatNumber(best.value)}.`
  const marks =
    withoutValue.length > 0 ? ` Marks at the bottom: ${plural(withoutValue.length, 'trial')} without a value.` : ''
  return {
    title: 'History of the best',
    blocks: [
      course + marks,
      ...sampledNote(drawn, all, 'every improvement'),
      ...beyondNote(
        limit,
        `${plural(beyond, 'value')} beyond it ${beyond === 1 ? 'is' : 'are'} drawn at its end, as triangles`,
      ),
      showFigure(figure),
    ],
    figures: [figure],
  }
}
