import { studyLabel } from '../../study/record.ts'
import { formatNumber, formatSeconds, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { anchor, code, escapeText, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'
import { reasonCounts } from './without-value.ts'

/** The opening: what was asked, what came out, how many trials it took, and where to read on. */
export function opening(input: ReportInput, chapters: readonly Chapter[]): string[] {
  const { study } = input
  const { question } = study.definition
  return [
    `# ${escapeText(studyLabel(study))}`,
    ...(question?.trim() ? [`> ${escapeText(question)}`] : []),
    ...chapters.flatMap(({ answer }) => answer ?? []),
    input.best ? bestLine(input, input.best) : withoutBest(input),
    ...testLine(input),
    counts(input),
    chapters.map(({ title }) => `[${title}](#${anchor(title)})`).join(' · '),
  ]
}

function bestLine({ metric, goal, ranked, count }: ReportInput, best: ReportInput['ranked'][number]): string {
  const running = count('running') + count('waiting')
  const soFar = running > 0 ? ' so far' : ''
  const way = goal === 'minimize' ? 'lower' : 'higher'
  const among =
    ranked.length === 1
      ? 'the only trial with a value'
      : `the best${soFar} of ${plural(ranked.length, 'trial')} with a value`
  const equal = ranked.filter(({ value }) => value === best.value).length
  const ties = equal > 1 ? ` ${equal} trials share this value; the earliest of them counts as the best.` : ''
  return `**Trial ${best.number}** is ${among}: ${code(metric)} = **${formatNumber(best.value)}** (${way} is better).${ties}`
}

function withoutBest({ trials, withoutValue, metric }: ReportInput): string {
  if (trials.length === 0) return '**No trial has been run yet.**'
  const pending = trials.length - withoutValue.length
  const reasons = reasonCounts(withoutValue)
    .slice(0, 5)
    .map(({ reason, count }) => `${code(reason)} (${plural(count, 'trial')})`)
  return [
    `**No trial has a value of ${code(metric)}, so there is no best configuration${pending > 0 ? ' yet' : ''}.**`,
    ...(reasons.length > 0 ? [`Reasons: ${reasons.join(', ')}.`] : []),
    ...(pending > 0 ? [`${plural(pending, 'trial')} still to end.`] : []),
  ].join(' ')
}

/** The one place where metrics of the test split are shown. */
function testLine({ study: { test }, best }: ReportInput): string[] {
  if (!test) return []
  const metrics = Object.entries(test.metrics).map(([name, value]) => `${code(name)} = **${formatNumber(value)}**`)
  const lines = [
    `On the test split, read only once, at the end, for trial ${test.trial} alone, the one chosen: ${metrics.join(', ') || 'no metrics'}.`,
  ]
  if (best && best.number !== test.trial) {
    lines.push(`Trial ${best.number} became the best afterwards; it has not been tested.`)
  }
  return [lines.join(' ')]
}

function counts(input: ReportInput): string {
  const { trials, count } = input
  const timed = trials.filter(({ seconds }) => seconds !== undefined)
  const spent = timed.reduce((sum, { seconds = 0 }) => sum + seconds, 0)
  const pending = count('running') + count('waiting')
  const columns: [string, string][] = [
    ['trials', trials.length.toLocaleString('en-US')],
    ['complete', count('complete').toLocaleString('en-US')],
    ['stopped early', count('stopped').toLocaleString('en-US')],
    ['infeasible', count('infeasible').toLocaleString('en-US')],
    ['failed', count('failed').toLocaleString('en-US')],
    ...(pending > 0 ? [['running or waiting', pending.toLocaleString('en-US')] satisfies [string, string]] : []),
    ['time in trials', timed.length > 0 ? formatSeconds(spent) : 'not recorded'],
  ]
  return table(
    columns.map(([title]) => title),
    [columns.map(([, value]) => value)],
    columns.map(() => 'r'),
  )
}
