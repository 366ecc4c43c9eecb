import { parametersFigure } from '../figures/parameters.ts'
import type { ReportInput } from '../input.ts'
import { code } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { beyondNote, sampledNote } from './notes.ts'

/** The metric against each parameter. */
export function parametersChapter(input: ReportInput): Chapter | undefined {
  const figure = parametersFigure(input)
  if (!figure) return undefined
  const { metric, varied, withoutValue } = input
  const isConditional = varied.some(({ parent }) => parent)
  return {
    title: 'Parameters',
    blocks: [
      [
        `${code(metric)} of each trial against each parameter${isConditional ? ', where the trial has it' : ''}.`,
        ...(withoutValue.length > 0 ? ['Marks at the bottom: trials without a value.'] : []),
        'All parameters vary at once, so a panel shows where good values were found rather than the effect of one parameter alone.',
      ].join(' '),
      ...sampledNote(figure.drawn, figure.all, 'the best'),
      ...beyondNote(figure.limit, 'values beyond it are drawn at its end, as triangles'),
      showFigure(figure),
    ],
    figures: [figure],
  }
}
