import { PRUNER_NAMES } from '../../pruners/registry.ts'
import { enough } from '../../samplers/enough.ts'
import { SAMPLER_NAMES } from '../../samplers/registry.ts'
import { samplerOf } from '../../samplers/sampler-of.ts'
import type { TrialRecord } from '../../study/record.ts'
import { formatNumber, plural } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, escapeText, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'

const MAX_ROWS = 20

/** How the trials were chosen, and what ending some of them early has saved. */
export function searchChapter(input: ReportInput): Chapter | undefined {
  const { sampler, pruner = 'none' } = input.study.definition
  if (input.trials.length === 0) return undefined
  const pruning = pruner === 'none' ? undefined : describePruning(input, pruner)
  return {
    title: 'Search',
    blocks: [describeSampler(input, sampler), ...describeEnd(input), ...(pruning?.blocks ?? [])],
    figures: [],
    data: pruning?.data ?? [],
  }
}

function describeSampler({ view }: ReportInput, name: string): string {
  if (!SAMPLER_NAMES.includes(name)) return `The trials were chosen by ${code(name)}, a sampler of the study's own.`
  const explanation = samplerOf(name, view).explain?.(view)
  return `The trials were chosen by ${code(name)}.${explanation ? ` ${escapeText(explanation)}` : ''}`
}

/** Why the study ended before its budget of trials, if it did. */
function describeEnd({ view, study }: ReportInput): string[] {
  const { gain, trials = Number.POSITIVE_INFINITY } = study.definition.budget
  const reason = gain !== undefined && view.trials.length < trials ? enough(view, gain) : undefined
  return reason === undefined ? [] : [`${escapeText(reason)} That is why the study ended before its budget.`]
}

interface Pruned {
  readonly trial: TrialRecord
  readonly lastStep: number
  readonly because: string
}

function describePruning(input: ReportInput, pruner: string): Pick<Chapter, 'blocks' | 'data'> {
  const own = PRUNER_NAMES.includes(pruner) ? '' : ", a pruner of the study's own,"
  const pruned = prunedTrials(input)
  if (pruned.length === 0) return { blocks: [`The pruner ${code(pruner)}${own} ended no trial early.`] }
  const share = (steps: number, all: number) => `${Math.round((100 * steps) / all)} %`
  const full = fullLength(input)
  const spent = input.trials.reduce((sum, { number }) => sum + lastStepOf(input, number), 0)
  const saved = full === undefined ? 0 : pruned.reduce((sum, { lastStep }) => sum + Math.max(0, full - lastStep), 0)
  const gain =
    full === undefined
      ? 'No trial ran to its end, so that what this saved is not known.'
      : `Trials that ran to their end took ${formatNumber(full)} steps (the median), so that this saved about ${formatNumber(saved)} of ${formatNumber(spent + saved)} steps: ${share(saved, spent + saved)}.`
  const shown = pruned.slice(0, MAX_ROWS)
  return {
    blocks: [
      `The pruner ${code(pruner)}${own} ended ${plural(pruned.length, 'trial')} of ${input.ended} early. ${gain}`,
      table(
        ['trial', 'ended at step', 'saved', 'because'],
        shown.map(({ trial, lastStep, because }) => [
          String(trial.number),
          formatNumber(lastStep),
          full === undefined ? '' : share(Math.max(0, full - lastStep), full),
          escapeText(because, 140),
        ]),
        ['r', 'r', 'r', 'l'],
      ),
      ...(pruned.length > shown.length
        ? [`The first ${shown.length} of ${pruned.length}; all are in [data/pruned.csv](data/pruned.csv).`]
        : []),
    ],
    data: [
      {
        name: 'pruned',
        table: {
          columns: ['trial', 'last_step', 'steps_saved', 'because'],
          rows: pruned.map(({ trial, lastStep, because }) => [
            trial.number,
            lastStep,
            full === undefined ? undefined : Math.max(0, full - lastStep),
            because,
          ]),
        },
      },
    ],
  }
}

function prunedTrials(input: ReportInput): Pruned[] {
  return input.trials.flatMap((trial) =>
    trial.reason?.code === 'trial.pruned'
      ? [{ trial, lastStep: lastStepOf(input, trial.number), because: trial.reason.message }]
      : [],
  )
}

/** The median of the last steps of trials that completed. */
function fullLength(input: ReportInput): number | undefined {
  const lengths = input.trials
    .filter(({ state }) => state === 'complete')
    .map(({ number }) => lastStepOf(input, number))
    .sort((a, b) => a - b)
  return lengths[Math.floor(lengths.length / 2)]
}

function lastStepOf({ measurements }: ReportInput, trial: number): number {
  return measurements(trial).at(-1)?.step ?? 0
}
