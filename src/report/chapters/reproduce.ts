import { PRUNER_NAMES } from '../../pruners/registry.ts'
import { SAMPLER_NAMES } from '../../samplers/registry.ts'
import type { Environment } from '../../study/record.ts'
import { formatNumbers, formatSeconds } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, codeBlock, escapeText, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'

const MAX_ENVIRONMENTS = 4

/** What it takes to do it again: the command, and all that the outcome depends on. */
export function reproduceChapter(input: ReportInput): Chapter {
  return {
    title: 'How to reproduce',
    blocks: [
      ...command(input),
      'The digest of the study covers what decides which parameters a trial gets: space, goal, metric, seed and sampler. What training makes of them depends on the source and the versions below as well.',
      facts(input),
      ...environments(input),
    ],
    figures: [],
  }
}

function command({ study, ended }: ReportInput): string[] {
  const { source, definition } = study
  if (!source) return ['The study was not run from a file, so there is no command that repeats it.']
  const trials = definition.budget.trials ?? (ended || undefined)
  const words = [
    'npx dynotune run',
    quote(source.path),
    '--fresh',
    ...(trials === undefined ? [] : [`--trials ${trials}`]),
    `--seed ${definition.seed}`,
    // One of the author's own comes with the study file.
    ...(SAMPLER_NAMES.includes(definition.sampler) ? [`--sampler ${definition.sampler}`] : []),
    ...(PRUNER_NAMES.includes(definition.pruner ?? '') ? [`--pruner ${definition.pruner}`] : []),
  ]
  return [codeBlock('sh', words.join(' '))]
}

function facts({ study, goal, metric, trials }: ReportInput): string {
  const { definition, source } = study
  const { budget, limits, parallel, seed, sampler, pruner, engine } = definition
  const listed = (entries: readonly (string | undefined)[]) => entries.filter((entry) => entry !== undefined).join(', ')
  const rows: [string, string][] = [
    ['study', `${code(definition.name)}, number ${study.number} of its name`],
    ['created', escapeText(study.createdAt)],
    ['goal', `${goal} ${code(metric)}`],
    ['seed', String(seed)],
    ['sampler', code(sampler)],
    ...(pruner === undefined ? [] : [['pruner', code(pruner)] satisfies [string, string]]),
    [
      'budget',
      listed(
        [budget.trials && `${budget.trials} trials`, budget.time && formatSeconds(budget.time)].map(
          (part) => part || undefined,
        ),
      ),
    ],
    [
      'limits of a trial',
      listed([
        limits.time === undefined ? undefined : `${formatSeconds(limits.time)} of time`,
        limits.memory === undefined ? undefined : `${(limits.memory / 2 ** 20).toFixed(0)} MiB of memory`,
        limits.silence === undefined ? undefined : `${formatSeconds(limits.silence)} of silence`,
      ]) || 'none',
    ],
    ...(parallel === undefined ? [] : [['trials at once', String(parallel)] satisfies [string, string]]),
    ['engine asked for', code(engine)],
    ['trials recorded', String(trials.length)],
    ['digest of the study', code(study.digest)],
    ...(source
      ? [
          ['source', code(source.path)] satisfies [string, string],
          ['digest of the source', code(source.digest)] satisfies [string, string],
        ]
      : []),
  ]
  return table(['', ''], rows)
}

/** Where the trials ran: one column for each environment, with the trials that it ran. */
function environments({ trials }: ReportInput): string[] {
  const found = new Map<string, { environment: Environment; numbers: number[] }>()
  for (const { environment, number } of trials) {
    if (!environment) continue
    const key = JSON.stringify(Object.entries(environment).sort())
    const known = found.get(key)
    if (known) known.numbers.push(number)
    else found.set(key, { environment, numbers: [number] })
  }
  const all = [...found.values()]
  if (all.length === 0) return ['No environment was recorded.']
  const shown = all.slice(0, MAX_ENVIRONMENTS)
  const fields = [...new Set(shown.flatMap(({ environment }) => Object.keys(environment)))]
  const rest = all.length - shown.length
  return [
    all.length === 1 ? 'All trials ran here:' : `Trials ran in ${all.length} environments:`,
    table(
      ['', ...shown.map(({ numbers }) => `trials ${escapeText(formatNumbers(numbers), 60)}`)],
      fields.map((field) => [
        escapeText(field),
        ...shown.map(({ environment }) => escapeText(environment[field] ?? '', 120)),
      ]),
    ),
    ...(rest > 0 ? [`${rest} further environments are left out.`] : []),
  ]
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
