import { stripVTControlCharacters } from 'node:util'
import type { TrialRecord } from '../../study/record.ts'
import { formatNumber, formatNumbers, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, codeBlock, details, escapeText, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'

const MAX_ROWS = 50
const MAX_MESSAGE = 140
const MAX_PARAMS = 6
const MAX_STACKS = 10
const MAX_LINES = 30

/** Infeasible and failed trials, with their reasons. */
export function withoutValueChapter(input: ReportInput): Chapter | undefined {
  const { withoutValue, ended } = input
  if (ended === 0) return undefined
  const title = 'Trials without a value'
  if (withoutValue.length === 0) return { title, blocks: ['Every trial that ended has a value.'], figures: [] }
  const shown = withoutValue.slice(0, MAX_ROWS)
  return {
    title,
    blocks: [
      outcomes(input),
      table(
        ['reason', 'trials'],
        reasonCounts(withoutValue).map(({ reason, count: trials }) => [code(reason), trials.toLocaleString('en-US')]),
        ['l', 'r'],
      ),
      table(
        ['trial', 'outcome', 'reason', 'message', 'parameters'],
        shown.map((trial) => [
          String(trial.number),
          trial.state,
          code(reasonOf(trial)),
          escapeText(trial.reason?.message.trim().split('\n')[0] ?? '', MAX_MESSAGE),
          keyParameters(trial, input),
        ]),
        ['r'],
      ),
      ...(withoutValue.length > shown.length
        ? [
            `The first ${shown.length} of ${withoutValue.length.toLocaleString('en-US')}; the others are in [data/trials.csv](data/trials.csv).`,
          ]
        : []),
      ...traces(shown, input),
    ],
    figures: [],
  }
}

function outcomes({ ended, count }: ReportInput): string {
  const infeasible = count('infeasible')
  const failed = count('failed')
  const parts = [
    ...(infeasible > 0
      ? [
          `${infeasible.toLocaleString('en-US')} ${infeasible === 1 ? 'is' : 'are'} infeasible (the parameters cannot be evaluated)`,
        ]
      : []),
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed (the code is at fault)`] : []),
  ]
  return `Of ${plural(ended, 'trial')} that ended, ${parts.join(' and ')}.`
}

/** How many trials have each reason, the most frequent first. */
export function reasonCounts(trials: readonly TrialRecord[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const trial of trials) counts.set(reasonOf(trial), (counts.get(reasonOf(trial)) ?? 0) + 1)
  return [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count)
}

function reasonOf({ reason }: TrialRecord): string {
  return reason?.code ?? 'not recorded'
}

function keyParameters(trial: TrialRecord, { varied }: ReportInput): string {
  const active = varied.flatMap(({ name }) => {
    const value = trial.params[name]
    return value === undefined ? [] : [`${name}=${typeof value === 'number' ? formatNumber(value) : value}`]
  })
  const more = active.length > MAX_PARAMS ? ', …' : ''
  return active.length === 0 ? '' : code(active.slice(0, MAX_PARAMS).join(', ') + more, 200)
}

/** Stacks, or the end of the output where there is none; one for all trials that ended in the same way. */
function traces(trials: readonly TrialRecord[], input: ReportInput): string[] {
  const groups = new Map<string, number[]>()
  for (const trial of trials) {
    const text = traceOf(trial, input)
    if (text !== '') groups.set(text, [...(groups.get(text) ?? []), trial.number])
  }
  const all = [...groups]
  const rest = all.length - MAX_STACKS
  return [
    ...all
      .slice(0, MAX_STACKS)
      .map(([text, numbers]) =>
        details(
          `Stack or output of ${numbers.length === 1 ? 'trial' : 'trials'} ${formatNumbers(numbers)}`,
          codeBlock('text', text),
        ),
      ),
    ...(rest > 0 ? [`${plural(rest, 'other stack')} left out.`] : []),
  ]
}

function traceOf(trial: TrialRecord, input: ReportInput): string {
  const stack = legible(trial.reason?.stack ?? '')
  if (stack !== '') return stack.split('\n').slice(0, MAX_LINES).join('\n')
  const output = trial.state === 'failed' ? legible(input.output(trial.number)) : ''
  return output.split('\n').slice(-MAX_LINES).join('\n')
}

/** Without the colours and cursor movements that were meant for a terminal. */
function legible(text: string): string {
  return stripVTControlCharacters(text)
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .trim()
}
