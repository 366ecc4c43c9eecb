import { escapeAttribute, table } from '../../src/report/markdown.ts'
import { digits } from '../engines/digits.ts'
import { compare, meanRatio } from './compare.ts'
import { coursesFigure } from './figure.ts'
import { judge } from './goals.ts'
import { type Contest, type Entry, medianAt, type Results, type Section } from './result.ts'
import { PLANS, type Plan } from './sections.ts'

/**
 * The results as a page of Markdown.
 * @param folder of the figures, seen from the page
 */
export function toMarkdown(results: Results, folder: string): string {
  const { machine, sections } = results
  const verdicts = judge(results).map(({ goal, aim, measured, met }) => [goal, aim, measured, met ? 'met' : 'missed'])
  const parts = [
    `# Samplers on ${machine.cores} cores`,
    `Measured by \`node bench/samplers.ts\`, which says how ([bench/README.md](../README.md)), on ${machine.cores} cores of ${machine.processor}; ${machine.system}; Node ${machine.node}.`,
    ...(verdicts.length > 0
      ? ['## Goals', table(['goal', 'aim', 'measured', ''], verdicts, ['l', 'r', 'r', 'l'])]
      : []),
    ...PLANS.flatMap((plan) => {
      const section = sections[plan.name]
      return section ? planParts(plan, section, folder) : []
    }),
    ...(sections.speed ? speedParts(sections.speed) : []),
  ]
  return `${parts.join('\n\n')}\n`
}

/** The figures of a section, by what they show. */
export function figuresOf(plan: Plan, { contests }: Section) {
  return plan.pending.flatMap((pending) => {
    const held = contests.filter((contest) => contest.pending === pending)
    const name = pending === 1 ? plan.name : `${plan.name}-${pending}-pending`
    const figure = coursesFigure(name, held, plan.title, plan.floor)
    return figure.data.rows.length > 0 ? [figure] : []
  })
}

function planParts(plan: Plan, section: Section, folder: string): string[] {
  const figures = figuresOf(plan, section)
  return [
    `## ${plan.title}`,
    `${plan.about} ${provenance(section)}`,
    ...plan.pending.flatMap((pending) => {
      const held = section.contests.filter((contest) => contest.pending === pending)
      const [{ seeds = 0 } = {}] = held
      return plan.at.flatMap((trial) => {
        const heading = `### ${trial} trials, ${pending > 1 ? `${pending} pending` : 'one by one'}, ${seeds} seeds`
        return held.length > 0 ? [heading, medians(held, trial, plan), summary(held, trial, plan)] : []
      })
    }),
    ...figures.map(({ name, alt }) =>
      [
        '<picture>',
        `  <source media="(prefers-color-scheme: dark)" srcset="${folder}/${name}.dark.svg">`,
        `  <img alt="${escapeAttribute(alt)}" src="${folder}/${name}.light.svg">`,
        '</picture>',
      ].join('\n'),
    ),
  ]
}

function provenance({ date, optuna, missing, contests }: Section): string {
  const kept = contests.length > 0 ? ', whose runs are kept and may be older' : ''
  const beside = optuna === undefined ? ', without Optuna' : ` beside Optuna ${optuna}${kept}`
  const gaps = Object.entries(missing).map(([sampler, why]) => ` Without ${sampler}: ${why}.`)
  return `Run ${date}${beside}.${gaps.join('')}`
}

/** A row a sampler, a column a subject; the best of a column is set apart. */
function medians(contests: readonly Contest[], trial: number, { floor }: Plan): string {
  const label = ({ by, sampler }: Entry) => (by === 'Optuna' ? `Optuna, ${sampler}` : sampler)
  const labels = [...new Set(contests.flatMap(({ entries }) => entries.map(label)))]
  const rows = labels.map((name) => {
    const cells = contests.map(({ entries }) => {
      const entry = entries.find((one) => label(one) === name)
      if (!entry) return ''
      const median = medianAt(entry, trial)
      const least = Math.min(...entries.map((one) => medianAt(one, trial)))
      const text = Number.isFinite(median) ? digits(median) : 'none'
      return median <= Math.max(least, floor) ? `**${text}**` : text
    })
    return [name, ...cells]
  })
  const columns = ['sampler', ...contests.map(({ subject }) => subject)]
  return table(columns, rows, ['l', ...columns.slice(1).map(() => 'r' as const)])
}

function summary(contests: readonly Contest[], trial: number, { floor, against }: Plan): string {
  const ours = contests.flatMap(({ entries }) => entries.filter(({ by }) => by === 'dynotune'))
  const samplers = [...new Set(ours.map(({ sampler }) => sampler))]
  const rows = samplers.flatMap((sampler) => {
    const comparisons = compare(contests, sampler, trial, floor, against)
    if (comparisons.length === 0) return []
    const wins = comparisons.filter((comparison) => comparison.wins).length
    return [
      [
        sampler,
        `${wins} of ${comparisons.length}`,
        digits(meanRatio(comparisons)),
        digits(meanRatio(comparisons, 10)),
        ...comparisons.map(({ ratio, peer }) => `${digits(ratio)} (${peer})`),
      ],
    ]
  })
  if (rows.length === 0) return 'Without Optuna there is nothing beside.'
  const columns = ['of the best peer', 'better', 'geometric mean', 'each within 10 times']
  const all = [...columns, ...contests.map(({ subject }) => subject)]
  return table(all, rows, ['l', ...all.slice(1).map(() => 'r' as const)])
}

function speedParts(section: Section): string[] {
  const rows = section.speeds.map(({ sampler, trials, seconds, peer, peerSeconds, heapBytes: [half, last] }) => [
    ...[
      sampler,
      String(trials),
      digits(1000 * seconds),
      peer,
      digits(peerSeconds === null ? null : 1000 * peerSeconds),
    ],
    digits(peerSeconds === null ? null : seconds / peerSeconds),
    ...[half, last].map((bytes) => digits(bytes / 1e6)),
  ])
  const [{ suggestions = 0 } = {}] = section.speeds
  const columns = ['sampler', 'trials', 'ms', 'peer', 'ms', 'ratio', 'heap after half, MB', 'after the last, MB']
  return [
    '## Time of a suggestion',
    `In 8 dimensions, over ${suggestions} suggestions, each told before the next: refits are in the average. ${provenance(section)}`,
    table(columns, rows, ['l', 'r', 'r', 'l', 'r', 'r', 'r', 'r']),
  ]
}
