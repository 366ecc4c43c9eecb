import { BEST_CURVES, MAX_POINTS, readCurves } from '../curves.ts'
import { curvesFigure } from '../figures/curves.ts'
import { plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { beyondNote, sampledNote } from './notes.ts'

const TITLE = 'Training curves'

/** How every trial trained. */
export function curvesChapter(input: ReportInput): Chapter | undefined {
  const { metric, best } = input
  const read = readCurves(input)
  if (read.begun === 0) return undefined
  const figure = curvesFigure(input, read)
  if (!figure) return { title: TITLE, blocks: [noCurves(read, metric)], figures: [] }
  const { curves, thinned, begun, read: looked } = read
  const silent = looked - curves.length
  const hasBest = curves.some(({ trial }) => trial.number === best?.number)
  return {
    title: TITLE,
    blocks: [
      `${code(metric)} against the training step${hasBest ? `; trial ${best?.number}, the best, is thick` : ''}.`,
      ...sampledNote(looked, begun, `the best ${BEST_CURVES}`),
      ...(silent > 0
        ? [
            `${plural(silent, 'trial')} of ${looked} reported no ${code(metric)} and ${silent === 1 ? 'has' : 'have'} no curve.`,
          ]
        : []),
      ...(thinned > 0
        ? [
            `${plural(thinned, 'curve')} of more than ${MAX_POINTS} points ${thinned === 1 ? 'is' : 'are'} thinned to that.`,
          ]
        : []),
      ...beyondNote(figure.limit, `${plural(figure.beyond, 'curve')} ${figure.beyond === 1 ? 'leaves' : 'leave'} it`),
      showFigure(figure),
    ],
    figures: [figure],
  }
}

function noCurves({ reported, read, begun, curves }: ReturnType<typeof readCurves>, metric: string): string {
  const who = read < begun ? `None of the ${read} trials looked at, of ${begun},` : 'No trial'
  if (curves.length > 0) return `${who} reported a finite ${code(metric)} while it ran: there are no curves to draw.`
  const others =
    reported.length > 0
      ? ` Reported were: ${reported
          .slice(0, 12)
          .map((name) => code(name, 60))
          .join(', ')}.`
      : ''
  return `${who} reported ${code(metric)} while it ran: there are no curves.${others}`
}
