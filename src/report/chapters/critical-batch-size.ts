import { type CostCurve, costCurve } from '../../analysis/critical-batch-size/cost-curve.ts'
import type { Frontier } from '../../analysis/critical-batch-size/fit-frontier.ts'
import { overheadBatch } from '../../analysis/critical-batch-size/overhead-batch.ts'
import { regimesOf } from '../../analysis/critical-batch-size/regimes.ts'
import type { TunedBest } from '../../analysis/critical-batch-size/tuned-best.ts'
import type { Finding } from '../../analysis/finding.ts'
import { batchSizeFindings, bestRates, type TargetFindings, targetName, throughputOf } from '../batch-sizes.ts'
import { formatEstimate, formatShort } from '../estimate.ts'
import { frontierFigure } from '../figures/frontier.ts'
import { formatNumber, formatSeconds, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, details, escapeText, table } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'

/** How large a batch pays off: where a larger one stops to save as many steps as it costs examples. */
export function criticalBatchSizeChapter(input: ReportInput): Chapter | undefined {
  const findings = batchSizeFindings(input)
  const [first] = findings ?? []
  if (!findings || !first) return undefined
  const figure = frontierFigure(findings)
  const cost = costOf(input, first)
  return {
    title: 'Critical batch size',
    answer: answer(first, cost.curve),
    blocks: [
      ...(figure ? [caption(findings), showFigure(figure)] : []),
      targetTable(findings),
      ...sizesTable(input, first, cost.curve),
      details('How this was worked out, and what it takes for granted', method(first, cost.withEvaluations)),
    ],
    figures: figure ? [figure] : [],
    data: [{ name: 'batch-size-trials', table: runsTable(findings) }],
  }
}

function costOf(input: ReportInput, { frontier, best, runs }: TargetFindings) {
  if (!frontier.known || !best.known) return { curve: frontier as Finding<CostCurve>, withEvaluations: false }
  const { measured, withEvaluations } = throughputOf(input, runs)
  const sizes = new Set(best.value.map(({ batchSize }) => batchSize))
  const curve = frontier.value.curve.filter(({ batchSize }) => sizes.has(batchSize))
  return { curve: costCurve({ curve }, measured), withEvaluations }
}

/** The question's answer, how sure it is, and what to do. */
function answer({ target, frontier }: TargetFindings, cost: Finding<CostCurve>): string {
  const goal = code(targetName(target))
  if (!frontier.known) return `**The critical batch size to ${goal} cannot be told.** ${escapeText(frontier.why)}`
  const { criticalBatch } = frontier.value
  const advice = cost.known ? ` ${cost.value.advice}` : ''
  if (criticalBatch.high === Number.POSITIVE_INFINITY && criticalBatch.low <= 0)
    return `**The critical batch size to ${goal} cannot be told**: the steps scatter too much, or too few batch sizes got there.${advice}`
  if (criticalBatch.high === Number.POSITIVE_INFINITY)
    return `**The critical batch size to ${goal} is more than ${formatShort(criticalBatch.low)}**: up to the largest batch, steps fall nearly in proportion.${advice}`
  if (criticalBatch.low <= 0)
    return `**The critical batch size to ${goal} is less than ${formatShort(criticalBatch.high)}**: even from the smallest batch on, a larger one saves next to no steps.${advice}`
  return `**The critical batch size to ${goal} is ${formatShort(criticalBatch.value)}** (95 %: ${formatShort(criticalBatch.low)} to ${formatShort(criticalBatch.high)}). There a run takes twice the fewest steps and twice the fewest examples: far below it a doubled batch halves the steps, far above it it saves none.${advice}`
}

function caption(findings: readonly TargetFindings[]): string {
  const targets = findings.length > 1 ? ' for each target' : ''
  return `Steps against the batch size${targets}: points are the best trial of a batch size with its bootstrap interval, lines the fitted trade-off, diamonds the critical batch size. Along the dashes steps fall in proportion; where the line leaves them, larger batches begin to cost examples.`
}

function targetTable(findings: readonly TargetFindings[]): string {
  return table(
    [
      'target',
      'critical batch size',
      'fewest steps',
      'fewest examples',
      'perfect scaling up to',
      'no gain from',
      'fit',
    ],
    findings.map(({ target, frontier }) => {
      if (!frontier.known) return [code(targetName(target)), escapeText(frontier.why), '', '', '', '', '']
      const { criticalBatch, minSteps, minExamples } = frontier.value
      const regimes = regimesOf(frontier.value)
      return [
        code(targetName(target)),
        ...[criticalBatch, minSteps, minExamples, regimes.perfectUpTo, regimes.maximalFrom].map(formatEstimate),
        fitOf(frontier.value),
      ]
    }),
    ['l', 'r', 'r', 'r', 'r', 'r', 'l'],
  )
}

function fitOf({ lackOfFit: { pureError, knee }, noise }: Frontier): string {
  const doubts = [
    ...(pureError.known && pureError.value.probability < 0.05 ? ['off the curve by more than runs differ'] : []),
    ...(knee.known && knee.value.probability < 0.05 ? [`its knee is ${knee.value.better} than a hyperbola's`] : []),
  ]
  const scatter = `${formatShort(100 * noise)} % about the curve`
  return doubts.length > 0 ? `${scatter}; ${doubts.join('; ')}` : scatter
}

function sizesTable(
  input: ReportInput,
  { target, best, frontier }: TargetFindings,
  cost: Finding<CostCurve>,
): string[] {
  if (!best.known) return []
  const rates = new Map(bestRates(input, best.value).map(({ batchSize, rate }) => [batchSize, rate]))
  const regimes = new Map(
    frontier.known ? regimesOf(frontier.value).batchSizes.map(({ batchSize, regime }) => [batchSize, regime]) : [],
  )
  const costs = new Map(cost.known ? cost.value.points.map((point) => [point.batchSize, point]) : [])
  const hasRates = rates.size > 0
  const rows = best.value.map((found) => {
    const { batchSize, steps, tried, reached, half } = found
    const seconds = costs.get(batchSize)?.seconds.value
    return [
      formatNumber(batchSize),
      Number.isFinite(steps.value) ? stepsOf(steps) : `more than ${longest(found)}`,
      Number.isFinite(steps.value) ? formatShort(batchSize * steps.value) : '',
      seconds === undefined ? '' : formatSeconds(seconds),
      `${reached} of ${tried}`,
      Number.isFinite(half) ? formatNumber(Number(half.toFixed(2))) : '',
      ...(hasRates ? [formatNumber(Number((rates.get(batchSize) ?? Number.NaN).toPrecision(3)))] : []),
      regimes.get(batchSize) ?? '',
    ]
  })
  return [
    `To ${code(targetName(target))}, by batch size:`,
    table(
      [
        ...['batch size', 'steps', 'examples', 'time', 'trials that got there', 'half as many trials'],
        ...(hasRates ? ['learning rate'] : []),
        'regime',
      ],
      rows,
      ['r', 'r', 'r', 'r', 'r', 'r', ...(hasRates ? ['r' as const] : []), 'l'],
    ),
  ]
}

/** The best is known, whatever another search would have found. */
function stepsOf({ value, high }: TunedBest['steps']): string {
  return high === value ? formatShort(value) : `${formatShort(value)} (to ${formatShort(high)})`
}

function longest({ runs }: TunedBest): string {
  return formatNumber(Math.max(0, ...runs.map(({ budget = 0 }) => budget)))
}

function method({ frontier, best }: TargetFindings, withEvaluations: boolean): string {
  const missed = frontier.known ? frontier.value.missed : 0
  const zhang = frontier.known && best.known ? reference(frontier.value, best.value) : []
  return [
    'Steps to a target are read off the evaluations of a trial, with a line between the one before and the one that reached it. Of each batch size the best trial counts, so that batch sizes are compared tuned; "half as many trials" is how many times the steps half the trials would have found: well above 1, the search was too short.',
    `The trade-off is S = S_min (1 + B_crit / B), which is (S / S_min - 1)(E / E_min - 1) = 1 with E = B S (McCandlish et al. 2018, arXiv 1812.06162), fitted in log steps with intervals from the profile likelihood.${missed > 0 ? ` ${plural(missed, 'batch size')} never got there, which counts as more steps than were tried.` : ''} The law is an approximation: the intervals hold as far as it does.`,
    ...zhang,
    'Regimes after Shallue et al. 2019 (arXiv 1811.03600), who tell them apart by eye: here scaling is perfect while examples are within 20 % of the fewest, and there is no gain from where steps are within 20 % of the fewest.',
    `A critical batch size belongs to a target: it grows as the loss falls. Time is steps times batch size over the measured examples a second of this hardware${withEvaluations ? ', evaluations included, since no throughput was reported' : ''}.`,
  ].join('\n\n')
}

/** Zhang et al.'s definition, which says nothing without its reference. */
function reference(frontier: Frontier, best: readonly TunedBest[]): string[] {
  const smallest = best.find(({ steps }) => Number.isFinite(steps.value))?.batchSize
  if (smallest === undefined) return []
  const { batchSize } = overheadBatch(frontier.criticalBatch, { reference: smallest })
  return [
    `By the definition of Zhang et al. 2024 (arXiv 2410.21676), 20 % more steps than if they fell in proportion from batch size ${formatNumber(smallest)} on, the critical batch size is ${formatEstimate(batchSize)}.`,
  ]
}

function runsTable(findings: readonly TargetFindings[]) {
  return {
    columns: ['target', 'trial', 'batch_size', 'steps', 'tried'],
    rows: findings.flatMap(({ target, runs }) =>
      runs.map(({ trial, batchSize, steps, budget }) => [
        targetName(target),
        trial.number,
        batchSize,
        Number.isFinite(steps) ? Number(steps.toPrecision(6)) : undefined,
        budget,
      ]),
    ),
  }
}
