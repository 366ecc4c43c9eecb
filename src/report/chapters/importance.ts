import { importanceFigure } from '../figures/importance.ts'
import { formatNumber, plural } from '../format.ts'
import { groupsOf, type Importances, importancesOf } from '../importances.ts'
import type { ReportInput } from '../input.ts'
import { code, details, escapeText, table } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'
import { percent, percentWithin } from './shares.ts'

const TITLE = 'Importance'
const MOST_PAIRS = 8

/** Which parameters decide the metric, by two methods. */
export function importanceChapter(input: ReportInput): Chapter | undefined {
  if (input.varied.length < 2 || input.ranked.length < 2) return undefined
  const importances = importancesOf(input)
  const figure = importanceFigure(importances)
  if (!figure) {
    const { fanova, pedAnova } = importances
    const why = fanova.known ? pedAnova : fanova
    return {
      title: TITLE,
      blocks: [`What the parameters matter is not known: ${why.known ? '' : escapeText(lowered(why.why))}`],
      figures: [],
    }
  }
  return {
    title: TITLE,
    blocks: [
      lead(input, importances),
      showFigure(figure),
      ...interactions(importances),
      details('How importance is measured, and what it does not say', method(input, importances)),
    ],
    figures: [figure],
  }
}

function lead({ metric }: ReportInput, importances: Importances): string {
  const [all] = groupsOf(importances)
  const main = all && !all.branch ? all.found.main : []
  const [first] = main
  const { pedAnova, fanova } = importances
  const near = pedAnova.known ? pedAnova.value.main : []
  const [top] = near
  // Below 5 % of the variance, and nothing that tells the best apart: either alone could be a large effect elsewhere.
  const idle = main.filter(
    ({ of, share }) => share.high < 0.05 && near.some((each) => each.of === of && each.share.low < 0.01),
  )
  return [
    first
      ? `${code(first.of)} matters most: by itself it explains ${percentWithin(first.share)} of how ${code(metric)} varies over the space. Tune it first.`
      : `The variance of ${code(metric)} cannot be parted: ${escapeText(lowered(fanova.known ? whyOfAll(importances) : fanova.why))}`,
    ...(top && pedAnova.known
      ? [
          top.share.low > 0.05
            ? `What sets the best ${pedAnova.value.target} trials apart is above all ${code(top.of)}, by ${percentWithin(top.share)}.`
            : `What sets the best ${pedAnova.value.target} trials apart cannot be told from so few.`,
        ]
      : []),
    ...(idle.length > 0
      ? [
          `Neither shows in ${idle.map(({ of }) => code(of)).join(', ')}: the next study may fix ${idle.length === 1 ? 'it' : 'them'}.`,
        ]
      : []),
  ].join(' ')
}

function whyOfAll({ fanova }: Importances): string {
  const first = fanova.known ? fanova.value.groups[0]?.found : undefined
  return first && !first.known ? first.why : ''
}

function interactions(importances: Importances): string[] {
  const pairs = groupsOf(importances)
    .flatMap(({ branch, found }) => found.pairs.map((pair) => ({ ...pair, branch })))
    .filter(({ share }) => share.value >= 0.01)
    .sort((a, b) => b.share.value - a.share.value)
    .slice(0, MOST_PAIRS)
  if (pairs.length === 0) return []
  return [
    'Two together, beyond what each does by itself (fANOVA):',
    table(
      ['parameters', 'among', 'share of the variance'],
      pairs.map(({ of, share, branch }) => [
        of.map((name) => code(name, 40)).join(' and '),
        branch ? `trials with ${code(branch, 60)}` : 'all trials',
        percentWithin(share),
      ]),
      ['l', 'l', 'r'],
    ),
  ]
}

function method(input: ReportInput, importances: Importances): string {
  const { pedAnova, fanova, isLog, limit } = importances
  const groups = groupsOf(importances)
  const [all] = groups
  const unknownGroups = fanova.known
    ? fanova.value.groups.flatMap(({ branch, found }) => (branch && !found.known ? [{ branch, why: found.why }] : []))
    : []
  const left = input.withoutValue.length
  return [
    '**fANOVA** (Hutter, Hoos and Leyton-Brown 2014) fits a random forest and parts the variance of its predictions over the whole space, each range counted evenly along its scale. Shares of single parameters and of pairs add up to at most 100 %; what is missing belongs to three and more together, or to noise that the trees took for effects.',
    `The variance is that of ${isLog ? 'the logarithm of ' : ''}${code(input.metric)}${limit === undefined ? '' : `, values beyond ${formatNumber(limit)} counted as that`}.`,
    ...groups.map(
      ({ branch, found }) =>
        `The forest of ${branch ? `the trials with ${code(branch, 60)}` : 'all trials'} predicts ${percent(found.explained)} of the variance of trials it has not seen${found.trials < found.available ? `; it was grown on a random ${found.trials.toLocaleString('en-US')} of ${plural(found.available, 'trial')}` : ` (${plural(found.trials, 'trial')})`}.`,
    ),
    ...(all && groups.length > 1
      ? [
          'Parameters of a branch are judged among the trials of that branch alone (paler bars): their shares are of another whole, and not to be compared with those of other groups.',
        ]
      : []),
    ...unknownGroups.map(
      ({ branch, why }) =>
        `Among trials with ${code(`${branch.name} = ${branch.branch}`, 60)} nothing is known: ${escapeText(lowered(why))}`,
    ),
    ...(pedAnova.known
      ? [
          `**PED-ANOVA** (Watanabe, Bansal and Hutter 2023) compares where the best ${pedAnova.value.target} trials lie with where all ${pedAnova.value.region} do; a parameter of a branch counts by how many have it. Its shares add up to 100 % whether or not anything matters, so that with a metric that is only noise they would all be about equal.`,
        ]
      : [`PED-ANOVA: ${escapeText(pedAnova.why)}`]),
    `Intervals are of 95 %: what other trials by the same sampler would give (half-samples for fANOVA, bootstrap for PED-ANOVA). Importance is about this space: a parameter whose range is narrow matters little, whatever it could do. ${left > 0 ? `${plural(left, 'trial')} without a value ${left === 1 ? 'is' : 'are'} left out, so that a parameter that only decides whether a trial is feasible does not show here.` : ''}`.trim(),
  ].join('\n\n')
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
