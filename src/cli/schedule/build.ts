import { DynotuneError } from '../../errors.ts'
import { chainedSchedule } from '../../train/schedules/chained.ts'
import { lambdaSchedule } from '../../train/schedules/schedule.ts'
import { sequentialSchedule } from '../../train/schedules/sequential.ts'
import { type Built, CATALOGUE, type Entry } from './catalogue.ts'
import type { Named, Phase, Spec } from './grammar.ts'
import { type MetricSource, noMetric, partOfMetric } from './metric.ts'
import { importSchedule } from './module.ts'
import { nearest } from './nearest.ts'
import { readValues } from './values.ts'

/**
 * The schedule that a spec means.
 * @param metric what reduceOnPlateau follows; by default it is refused
 * @throws DynotuneError `option.invalid`, `schedule.invalid`
 */
export async function buildSchedule(spec: Spec, metric: MetricSource = noMetric): Promise<Built> {
  switch (spec.kind) {
    case 'number':
      return { schedule: lambdaSchedule(() => spec.value), shows: 0 }
    case 'module':
      return { schedule: await importSchedule(spec.file, spec.name), shows: 0 }
    case 'named':
      return named(spec, metric)
    case 'chained': {
      const factors = await Promise.all(spec.factors.map((factor) => buildSchedule(factor, metric)))
      return {
        schedule: chainedSchedule(...factors.map(({ schedule }) => schedule)),
        lasts: longest(factors.flatMap(({ lasts }) => lasts ?? [])),
        shows: longest(factors.map(({ shows }) => shows)) ?? 0,
      }
    }
    case 'sequential':
      return sequential(spec.phases)
  }
}

async function named(spec: Named, metric: MetricSource): Promise<Built> {
  const entry = CATALOGUE.find(({ name }) => name === spec.name) ?? unknown(spec.name)
  if (spec.inner && !entry.wraps)
    throw new DynotuneError('option.invalid', `${spec.name} takes no schedule in parentheses.`, {
      path: spec.name,
      remedy: `only ${names(CATALOGUE.filter(({ wraps }) => wraps))} does; ${spec.name} takes ${entry.options.join(', ')}`,
    })
  const inner = spec.inner && (await buildSchedule(spec.inner, partOfMetric))
  return entry.build(readValues(spec, entry.options), inner, metric)
}

async function sequential(phases: readonly Phase[]): Promise<Built> {
  const built = await Promise.all(phases.map(({ spec }) => buildSchedule(spec, partOfMetric)))
  let start = 0
  const milestones = built.slice(0, -1).map(({ lasts }, i) => {
    start += phases[i]?.steps ?? lasts ?? endless(i)
    return start
  })
  const last = built.at(-1)
  const steps = phases.at(-1)?.steps
  const lasts = steps ?? last?.lasts
  return {
    schedule: sequentialSchedule(
      built.map(({ schedule }) => schedule),
      { milestones },
    ),
    lasts: lasts && start + lasts,
    shows: start + (steps ?? last?.shows ?? 0),
  }
}

function endless(phase: number): never {
  throw new DynotuneError('option.invalid', `Part ${phase + 1} of the sequence does not say how long it lasts.`, {
    path: 'spec',
    remedy: 'write @ and its steps after it: exponential:0.9@50->cosine:100',
  })
}

function unknown(name: string): Entry {
  const details = { path: 'spec', value: name }
  if (name === 'lambda')
    throw new DynotuneError('option.invalid', 'lambda is a function of yours.', {
      ...details,
      remedy: 'export it from a file, and write schedules.ts#name',
    })
  const like = nearest(
    name,
    CATALOGUE.map((entry) => entry.name),
  )
  throw new DynotuneError('option.invalid', `There is no schedule "${name}".`, {
    ...details,
    remedy: `${like === undefined ? '' : `did you mean ${like}? `}known are ${names(CATALOGUE)}`,
  })
}

function names(entries: readonly Entry[]): string {
  return entries.map(({ name }) => name).join(', ')
}

function longest(steps: readonly number[]): number | undefined {
  return steps.length > 0 ? Math.max(...steps) : undefined
}
