import { type CostCurve, costCurve } from '../../analysis/critical-batch-size/cost-curve.ts'
import type { Frontier } from '../../analysis/critical-batch-size/fit-frontier.ts'
import { fitLearningRates } from '../../analysis/critical-batch-size/learning-rates.ts'
import { overheadBatch } from '../../analysis/critical-batch-size/overhead-batch.ts'
import { regimesOf } from '../../analysis/critical-batch-size/regimes.ts'
import type { TunedBest } from '../../analysis/critical-batch-size/tuned-best.ts'
import type { Finding } from '../../analysis/finding.ts'
import { compareNoiseScale } from '../../analysis/noise-scale/compare-noise-scale.ts'
import { batchSizeFindings, bestRates, type TargetFindings, targetName, throughputOf } from '../batch-sizes.ts'
import { formatEstimate, formatShort } from '../estimate.ts'
import { frontierFigure } from '../figures/frontier.ts'
import { learningRatesFigure } from '../figures/learning-rates.ts'
import { noiseScaleFigure } from '../figures/noise-scale.ts'
import { formatNumber, formatSeconds, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, details, escapeText, table } from '../markdown.ts'
import { noiseScaleRuns } from '../noise-scales.ts'
import { type Chapter, showFigure } from './chapter.ts'

/** With fewer trials a batch size is not tuned. */
const FEW = 5

/** How large a batch pays off: where a larger one stops to save as many steps as it costs examples. */
export function criticalBatchSizeChapter(input: ReportInput): Chapter | undefined {
  const findings = batchSizeFindings(input)
  const [first] = findings ?? []
  if (!findings || !first) return undefined
  const figure = frontierFigure(findings)
  const cost = costOf(input, first)
  const rates = ratesPart(input, first)
  const noise = noisePart(input, first)
  return {
    title: 'Critical batch size',
    answer: answer(first, cost.curve),
    blocks: [
      ...(figure ? [caption(findings), showFigure(figure)] : []),
      targetTable(findings),
      ...sizesTable(input, first, cost.curve),
      ...rates.blocks,
      ...noise.blocks,
      details('How this was worked out, and what it takes for granted', method(first, cost.withEvaluations)),
    ],
    figures: [...(figure ? [figure] : []), ...rates.figures, ...noise.figures],
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

type Part = Pick<Chapter, 'blocks' | 'figures'>

/** How the learning rate goes with the batch size: no rule holds for all workloads. */
function ratesPart(input: ReportInput, { best }: TargetFindings): Part {
  const points = best.known ? bestRates(input, best.value) : []
  if (points.length === 0) return { blocks: [], figures: [] }
  const fit = fitLearningRates(points)
  if (!fit.known)
    return {
      blocks: [`How the learning rate goes with the batch size cannot be told. ${escapeText(fit.why)}`],
      figures: [],
    }
  const { preferred, rules, maxRate, noiseBatch } = fit.value
  const figure = learningRatesFigure(points, fit.value)
  const possible = rules.filter(({ isPossible }) => isPossible).map(({ name }) => name)
  const verdict = preferred.known
    ? `Of the usual rules only the ${preferred.value} one goes with them.`
    : `Rules that go with them: ${possible.join(', ')}. ${escapeText(preferred.why)}`
  const saturates =
    noiseBatch.low > 0 && noiseBatch.high < Number.POSITIVE_INFINITY
      ? ` By ε_max / (1 + B_noise / B) it ends at ${formatEstimate(maxRate)}, half of which it has at a batch size of ${formatEstimate(noiseBatch)}.`
      : ''
  return {
    blocks: [
      `The best learning rates, from ${formatShort(points[0]?.rate ?? 0)} at batch size ${points[0]?.batchSize} to ${formatShort(points.at(-1)?.rate ?? 0)} at ${points.at(-1)?.batchSize}, against the batch size. ${verdict}${saturates}`,
      showFigure(figure),
    ],
    figures: [figure],
  }
}

/** What a single training could have told of it. */
function noisePart(input: ReportInput, target: TargetFindings): Part {
  const runs = noiseScaleRuns(input, target)
  if (!runs.known) return { blocks: [], figures: [] }
  const figure = noiseScaleFigure(runs.value)
  const { frontier } = target
  const rows = runs.value.map(({ batchSize, learningRate, trial, curve: { points, average } }) => [
    ...[batchSize, trial].map(String),
    formatShort(learningRate),
    ...[points[0], points.at(-1)].map((point) => (point ? formatEstimate(point.noiseScale) : '')),
    formatEstimate(average),
    frontier.known
      ? formatEstimate(compareNoiseScale(average, frontier.value.criticalBatch, { learningRate, batchSize }).ratio)
      : '',
  ])
  return {
    blocks: [
      'The gradient noise scale, which a single training shows, is an estimate of the critical batch size to within an order of magnitude (McCandlish et al. 2018): its average over the steps to the target beside what the sweep found.',
      table(
        [
          'batch size',
          'trial',
          'learning rate',
          'noise scale at the start',
          'at the end',
          'average',
          'of the critical batch size',
        ],
        rows,
        rows[0]?.map(() => 'r' as const) ?? [],
      ),
      ...(figure ? [showFigure(figure)] : []),
    ],
    figures: figure ? [figure] : [],
  }
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
  const fewest = Math.min(...best.value.map(({ tried }) => tried))
  const untuned = fewest < FEW ? ` With ${plural(fewest, 'trial')} for some of them these are hardly tuned.` : ''
  return [
    `To ${code(targetName(target))}, by batch size.${untuned}`,
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
