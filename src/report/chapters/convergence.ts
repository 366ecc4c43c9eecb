import { ADVICE, type Symptom, symptomsOf } from '../../analysis/convergence/advice.ts'
import type { Convergence } from '../../analysis/convergence/convergence.ts'
import type { InstabilityEvent } from '../../analysis/convergence/instability.ts'
import type { Estimate, Finding } from '../../analysis/finding.ts'
import {
  FITTED_TRIALS,
  type Groups,
  readConvergence,
  type StudyConvergence,
  type TrialConvergence,
} from '../convergence.ts'
import type { Cell, Table } from '../csv.ts'
import { convergenceFigure, DRAWN_TRIALS } from '../figures/convergence.ts'
import { formatNumber, formatNumbers, formatSeconds, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, details, escapeText, table } from '../markdown.ts'
import { type Chapter, showFigure } from './chapter.ts'

const SILENT = 'cannot say'
/** What says nothing of a trial that was ended early. */
const OF_THE_END: ReadonlySet<Symptom> = new Set(['improving', 'best late', 'far too long', 'level'])

/** How the best trials converged, and what that calls for. Left out where they have no curves. */
export function convergenceChapter(input: ReportInput): Chapter | undefined {
  const read = readConvergence(input)
  if (!read) return undefined
  const figure = convergenceFigure(input, read)
  const { groups } = read
  return {
    title: 'Convergence',
    blocks: [
      ...verdict(read),
      ...(figure ? [showFigure(figure)] : []),
      trialRows(read.best),
      ...(groups ? groupBlocks(groups, input, read.target) : []),
      details('How this was found, and what it cannot tell', method(read, input)),
    ],
    figures: figure ? [figure] : [],
    data: [{ name: 'convergence-trials', table: trialData(read.best) }],
  }
}

/** What to see and to do: what most of the best trials call for first. */
function verdict({ best }: StudyConvergence): string[] {
  const trials = new Map<Symptom, number[]>()
  for (const { trial, convergence } of best) {
    const symptoms = symptomsOf(convergence).filter((symptom) => trial.state === 'complete' || !OF_THE_END.has(symptom))
    for (const symptom of symptoms) trials.set(symptom, [...(trials.get(symptom) ?? []), trial.number])
  }
  const lines = [...trials]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([symptom, numbers]) => ({ ...ADVICE[symptom], numbers: numbers.sort((a, b) => a - b) }))
  const [first, ...others] = lines
  if (!first) {
    const isSeen = best.some(({ convergence: { end, overfitting } }) => end.known && overfitting.known)
    return [
      isSeen
        ? `The curves of the ${best.length === 1 ? 'best trial' : `${best.length} best trials`} call for no change.`
        : 'The curves of the best trials are too short, or end too badly, to say how they converged: report the metric more often.',
    ]
  }
  const who = (numbers: readonly number[]) =>
    best.length === 1
      ? `The best trial (${formatNumbers(numbers)})`
      : `${numbers.length} of the ${best.length} best trials (${formatNumbers(numbers)})`
  return [
    `**${first.todo}:** ${who(first.numbers)} ${first.shows}.`,
    ...(others.length > 0
      ? [others.map(({ todo, shows, numbers }) => `- ${who(numbers)} ${shows}. ${todo}.`).join('\n')]
      : []),
  ]
}

function trialRows(best: readonly TrialConvergence[]): string {
  return table(
    ['trial', 'to the target', 'plateau', 'law', 'leads to', 'turns at step', 'spikes', 'best at', 'late spread'],
    best.map(({ trial, convergence }) => {
      const { reach, plateau, law, overfitting, end, spread } = convergence
      return [
        trial.state === 'complete' ? String(trial.number) : `${trial.number}, ended early`,
        say(reach, ({ steps, seconds }) =>
          Number.isFinite(steps) ? `step ${formatNumber(steps)}, ${formatSeconds(seconds)}` : 'not reached',
        ),
        say(plateau, ({ level, since }) => `${short(level.value)} from step ${formatNumber(since)}`),
        say(law, ({ family, rate }) =>
          family === 'power' ? `t^−c, c = ${interval(rate)}` : `e^(−c t), c = ${interval(rate)}`,
        ),
        say(law, ({ limit }) => interval(limit)),
        say(overfitting, ({ turn, verdict }) =>
          turn ? `${interval(turn.step)}${verdict === 'overfits' ? ', overfits' : ''}` : 'no turn',
        ),
        spikes(convergence),
        say(end, ({ bestAt }) => `${Math.round(100 * bestAt)} %`),
        say(spread, ({ value }) => short(value)),
      ]
    }),
    ['r', 'l', 'l', 'l', 'l', 'l', 'l', 'r', 'r'],
  )
}

function spikes({ lossEvents, gradientEvents }: Convergence): string {
  const words = (found: Finding<readonly InstabilityEvent[]>, what: string): string[] => {
    if (!found.known) return []
    const [worst] = [...found.value].sort((a, b) => b.height - a.height)
    if (!worst) return [`none of the ${what}`]
    const height = Number.isFinite(worst.height) ? `${short(worst.height)}×` : 'without end'
    const recovery = Number.isFinite(worst.recovery) ? `over after ${formatNumber(worst.recovery)}` : 'never over'
    return [`${found.value.length} of the ${what}, up to ${height} at step ${formatNumber(worst.step)} (${recovery})`]
  }
  return [...words(lossEvents, 'loss'), ...words(gradientEvents, 'gradient')].join('; ') || SILENT
}

function groupBlocks({ parameter, values, steps }: Groups, { metric, goal }: ReportInput, target: number): string[] {
  const sign = goal === 'minimize' ? 1 : -1
  const [first] = values
  const ahead = values.slice(1).filter(({ ahead }) => ahead.known && ahead.value.high < 0.5)
  const isClear = values.length > 1 && ahead.length === values.length - 1
  const name = first ? code(first.name, 40) : ''
  return [
    isClear
      ? `By ${code(parameter.name, 40)}, ${name} ends best: trials of every other option end better than one of its trials less than half of the time.`
      : `By ${code(parameter.name, 40)}, ${name} has the best median, but these trials cannot tell it from every other option.`,
    table(
      [
        'option',
        'trials',
        `median ${code(metric, 40)}`,
        `ends better than ${name}`,
        `median steps to ${short(target)}`,
      ],
      values.map(({ name, count, median, ahead }) => {
        const reach = steps.find((group) => group.name === name)
        return [
          code(name, 40),
          count.toLocaleString('en-US'),
          say(median, (estimate) => interval(turned(estimate, sign))),
          name === first?.name ? '' : say(ahead, percent),
          reach ? say(reach.median, (estimate) => interval(estimate)) : SILENT,
        ]
      }),
      ['l', 'r', 'r', 'r', 'r'],
    ),
  ]
}

function method({ best, target, groups }: StudyConvergence, { metric, ranked, count }: ReportInput): string {
  const reasons = new Set(
    best.flatMap(({ convergence: { reach, plateau, law, overfitting, lossEvents, gradientEvents, end, spread } }) =>
      [reach, plateau, law, overfitting, lossEvents, gradientEvents, end, spread].flatMap((finding) =>
        finding.known ? [] : [finding.why],
      ),
    ),
  )
  return [
    `- Read were the ${plural(best.length, 'best trial')} of ${ranked.length.toLocaleString('en-US')} with a value (at most ${FITTED_TRIALS}; the first ${DRAWN_TRIALS} are drawn). The best of many are lucky too: what is said of them holds for them.`,
    `- The target is ${code(metric)} = ${short(target)}, which a quarter of the trials with a value reached. Seconds count from the beginning of the attempt, evaluations included.`,
    '- Brackets hold 95 % intervals. Neighbouring points of a curve are correlated; fits and intervals assume AR(1) noise.',
    '- A law is a + b t^−c or a + b e^(−c t) of the step t, whichever AICc prefers; it leads to a if it goes on as it went, which a decaying learning rate, for one, will not let it.',
    '- A plateau is the longest end of the curve that is shown to be level: to change by less than 2 % of what the curve gained, or, where no trend is seen, by less than twice its noise.',
    '- A curve turns where falling and then rising fits it better than falling only, by more than noise does in 19 of 20 curves. It overfits if the training loss went on falling.',
    '- A spike is a training loss or gradient norm beyond the upper quartile of its ratios to the nine reports before, by three times the distance of the quartiles.',
    '- The best lies at a share of the training; the late spread is the standard deviation from report to report in the last quarter: a best value is by about as much luck.',
    ...(groups
      ? [
          `- Options are compared by bootstrap, a trial that did not reach the target counting as infinitely long${count('stopped') > 0 ? ', also where a pruner ended it' : ''}. A sampler that learns gives good options more and better trials, which flatters them.`,
        ]
      : []),
    ...(reasons.size > 0 ? [`- Why some cells cannot say: ${escapeText([...reasons].join(' '), 1200)}`] : []),
    '- All numbers: [data/convergence-trials.csv](data/convergence-trials.csv).',
  ].join('\n')
}

function trialData(best: readonly TrialConvergence[]): Table {
  const ends = (estimate: Estimate | undefined): Cell[] => [estimate?.value, estimate?.low, estimate?.high]
  const known = <T>(finding: Finding<T>): T | undefined => (finding.known ? finding.value : undefined)
  const named = (name: string) => [name, `${name}_low`, `${name}_high`]
  return {
    columns: [
      ...['trial', 'target_step', 'target_seconds', 'mean_value', ...named('plateau'), 'plateau_since'],
      ...['law', ...named('rate'), ...named('limit'), 'height', 'aicc_lead', 'correlation'],
      ...['verdict', ...named('turn'), 'loss_spikes', 'gradient_spikes', 'best_step', 'end', ...named('late_spread')],
    ],
    rows: best.map(({ trial, convergence }) => {
      const [loss, gradient] = [known(convergence.lossEvents), known(convergence.gradientEvents)]
      const [reach, plateau, law] = [known(convergence.reach), known(convergence.plateau), known(convergence.law)]
      const [overfitting, end] = [known(convergence.overfitting), known(convergence.end)]
      return [
        ...[trial.number, reach?.steps, reach?.seconds, known(convergence.area)],
        ...[...ends(plateau?.level), plateau?.since],
        ...[law?.family, ...ends(law?.rate), ...ends(law?.limit), law?.height, law?.lead, law?.correlation],
        ...[overfitting?.verdict, ...ends(overfitting?.turn?.step), loss?.length, gradient?.length],
        ...[end?.bestStep, end?.course, ...ends(known(convergence.spread))],
      ]
    }),
  }
}

function say<T>(finding: Finding<T>, words: (value: T) => string): string {
  return finding.known ? words(finding.value) : SILENT
}

function interval({ value, low, high }: Estimate): string {
  return low === high ? numberOf(value) : `${numberOf(value)} [${numberOf(low)}, ${numberOf(high)}]`
}

function percent({ value, low, high }: Estimate): string {
  const [middle, least, most] = [value, low, high].map((each) => Math.round(100 * each))
  return `${middle} % [${least}, ${most}]`
}

function turned({ value, low, high }: Estimate, sign: number): Estimate {
  return sign === 1 ? { value, low, high } : { value: -value, low: -high, high: -low }
}

function numberOf(value: number): string {
  return Number.isFinite(value) ? short(value) : 'never'
}

function short(value: number): string {
  return formatNumber(Number(value.toPrecision(3)))
}
