import { type EdgeCount, edgeClusters } from '../../analysis/search/edges.ts'
import { type Concentration, type Infeasibility, infeasibility } from '../../analysis/search/infeasible.ts'
import type { Scalar } from '../../space/domain.ts'
import { plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, details, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'
import { percent, percentWithin, rough } from './shares.ts'

/** Whether the space was large enough, and where it should not have reached. */
export function edgesChapter({ view, trials, varied }: ReportInput): Chapter | undefined {
  const ranges = varied.filter(({ domain }) => domain.type === 'float' || domain.type === 'int')
  if (trials.length < 2 || ranges.length === 0) return undefined
  const [ends, bad] = [edgeClusters(view), infeasibility(view)]
  const found = bad.known && bad.value.infeasible > 0 ? bad.value : undefined
  if (!ends.known && !found) return undefined
  const clusters = ends.known ? ends.value.filter((end) => end.clusters) : []
  return {
    title: 'Edges of the space',
    blocks: [
      lead(ends.known ? clusters : undefined),
      ...(found ? [infeasibleLine(found), ...found.concentrations.map(concentrationLine)] : []),
      ...(clusters.length > 0 ? [clusterTable(clusters)] : []),
      ...(ends.known ? ['Every end that was looked at: [data/edges.csv](data/edges.csv)'] : []),
      details('How edges are found, and what that does not say', METHOD),
    ],
    figures: [],
    data: ends.known ? [{ name: 'edges', table: asTable(ends.value) }] : [],
  }
}

const METHOD = [
  'The best trials, a tenth of those with a value but 5 to 50, are counted in the outer tenth of each range along its scale, or at its first or last value where that takes more. If the range did not matter, as many would lie there as the end takes of the range; the chance of more is binomial, times the number of ends that are looked at (Bonferroni), and an end counts as an edge where that is below 5 %. Intervals of shares are 95 % (Clopper and Pearson).',
  'A sampler that learns returns to where it found good trials, so that the best are not independent and the chance is understated. With few trials an edge may be missed.',
  'For infeasible trials each parameter is cut where the shares on both sides differ most; the chance is that of shuffled outcomes to differ as much anywhere, over all parameters together (999 permutations). Shares have Wilson intervals. Failed trials do not count.',
].join('\n\n')

function lead(clusters: readonly EdgeCount[] | undefined): string {
  if (!clusters) return 'Too few trials have a value to say whether the best lie at the edge of a range.'
  if (clusters.length === 0)
    return 'The best trials do not gather at the end of any range: the space is wide enough, as far as they can tell.'
  const what = clusters.map(({ parameter, side }) => `${code(parameter)} ${side === 'low' ? 'downward' : 'upward'}`)
  return `The best trials gather at the edge of the space: widen ${what.join(', ')}, and run again before drawing conclusions.`
}

function infeasibleLine({ infeasible, of, share, concentrations }: Infeasibility): string {
  const where =
    concentrations.length > 0 ? '' : ' They do not gather in any part of a single range, as far as so many can tell.'
  return `${plural(infeasible, 'trial')} of ${of.toLocaleString('en-US')} ${infeasible === 1 ? 'was' : 'were'} infeasible, ${percentWithin(share)}.${where}`
}

function concentrationLine({ parameter, side, at, beyond, within, chance, bestAtEdge }: Concentration): string {
  const advice = bestAtEdge
    ? 'The best trials lie right there, which is what unstable training looks like: with warmup, clipping or another remedy it may go further, and be better.'
    : 'The best trials lie elsewhere: that part of the range can be cut off.'
  return `With ${code(parameter)} ${side} ${shown(at)}, ${beyond.infeasible} of ${beyond.of} were infeasible (${percent(beyond.share.low).replace(' %', '')} to ${percent(beyond.share.high)}), else ${within.infeasible} of ${within.of}; by chance: ${chance <= 0.001 ? 'below 0.2 %' : percent(chance)}. ${advice}`
}

function shown(value: Scalar): string {
  return typeof value === 'number' ? rough(value) : String(value)
}

function clusterTable(clusters: readonly EdgeCount[]): string {
  return table(
    ['parameter', 'end', 'of the best', 'share', 'if even', 'by chance'],
    clusters.map(({ parameter, side, inside, of, share, expected, chance }) => [
      code(parameter),
      side,
      `${inside} of ${of}`,
      percentWithin(share),
      percent(expected),
      chance < 0.001 ? 'below 0.1 %' : percent(chance),
    ]),
    ['l', 'l', 'r', 'r', 'r', 'r'],
  )
}

function asTable(ends: readonly EdgeCount[]) {
  return {
    columns: ['parameter', 'end', 'inside', 'of', 'share', 'low', 'high', 'if_even', 'of_all', 'chance'],
    rows: ends.map(({ parameter, side, inside, of, share, expected, ofAll, chance }) => [
      parameter,
      side,
      inside,
      of,
      ...[share.value, share.low, share.high, expected, ofAll, chance].map((value) => Number(value.toPrecision(4))),
    ]),
  }
}
