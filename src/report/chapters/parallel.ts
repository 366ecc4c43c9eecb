import { BEST_LINES, parallelFigure } from '../figures/parallel.ts'
import type { ReportInput } from '../input.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { sampledNote } from './notes.ts'

/** All parameters of all trials at once. */
export function parallelChapter(input: ReportInput): Chapter | undefined {
  const figure = parallelFigure(input)
  if (!figure || !input.best) return undefined
  const gaps = input.varied.some(({ parent }) => parent)
    ? ' A line has a gap where its trial does not have the parameter.'
    : ''
  return {
    title: 'Parallel coordinates',
    blocks: [
      `A line is a trial, a row a parameter along its scale. Lines are coloured by rank; trial ${input.best.number}, the best, is thick and carries its values.${gaps}`,
      ...sampledNote(figure.drawn, figure.all, `the best ${BEST_LINES}`, 'trials with a value'),
      showFigure(figure),
    ],
    figures: [figure],
  }
}
