import { deriveSeed } from '../numerics/random.ts'
import type { Assignment } from '../space/params.ts'
import { createSpace, type Space } from '../space/space.ts'
import type { Sampler } from '../study/sampler.ts'
import { type EarlierTrial, hasValue, isFinal, type StudyView, type TrialView } from '../study/view.ts'
import { type Group, groupsOf, isIn, labelOf, specOf } from './per-value/groups.ts'
import { isNumeric, windowAfter } from './per-value/window.ts'

/** Of how many other values, the nearest ones, a value's search learns. */
const NEIGHBOURS = 2

/**
 * Tunes the other parameters anew for every value of the scientific ones, so that each value shows what it can do: what is
 * best for one batch size is not for another (Shallue et al. 2019, arXiv 1811.03600, section 4). Each value gets the same number
 * of trials, in turn, from a sampler of its own, which is told what the nearest values have found.
 *
 * Where the view says in which part of its range a parameter is first looked for (`startIn`), that part is widened for each value
 * as long as the best lies at an end of it.
 */
export function perValue(make: () => Sampler): Sampler {
  const outer = make()
  const samplers = new Map<number, Sampler>()
  const spaces = new Map<string, Space>()

  function samplerOf(place: number): Sampler {
    const sampler = samplers.get(place) ?? make()
    samplers.set(place, sampler)
    return sampler
  }

  function spaceOf(view: StudyView, group: Group, trials: readonly TrialView[]): Space {
    const spec = specOf(view.space.spec, group)
    const windows = windowsOf(view, trials)
    const narrowed = Object.fromEntries(
      Object.entries(spec).map(([name, domain]) => {
        const [low, high] = windows[name] ?? []
        return [name, low === undefined || high === undefined || !isNumeric(domain) ? domain : { ...domain, low, high }]
      }),
    )
    const key = `${view.space.digest} ${JSON.stringify([group, windows])}`
    const space = spaces.get(key) ?? createSpace(narrowed)
    spaces.set(key, space)
    return space
  }

  function viewOf(view: StudyView, groups: readonly Group[], place: number): StudyView {
    const { scientific: _, startIn: __, ...rest } = view
    const group = groups[place] ?? {}
    const trials = trialsOf(view, group)
    const earlier = [...(view.earlier ?? []), ...neighbours(view, groups, place)]
    return {
      ...rest,
      space: spaceOf(view, group, trials),
      seed: deriveSeed(view.seed, place, 'per value'),
      trials,
      ...(view.budget !== undefined && { budget: Math.ceil(view.budget / groups.length) }),
      ...(earlier.length > 0 && { earlier }),
    }
  }

  return {
    name: outer.name,
    adaptive: true,
    ...(outer.usesCurves && { usesCurves: true }),
    check(view) {
      const groups = groupsOf(view.space, view.scientific ?? [])
      groups.forEach((_, place) => void outer.check?.(viewOf(view, groups, place)))
    },
    suggest(view, count, random) {
      const groups = groupsOf(view.space, view.scientific ?? [])
      let now = view
      for (let i = 0; i < count; i++) {
        const place = next(now, groups)
        const number = now.trials.length
        const inner = viewOf(now, groups, place)
        const [params] = samplerOf(place).suggest(inner, 1, () => random(number))
        if (!params) break
        now = { ...now, trials: [...now.trials, { number, params, state: 'waiting' }] }
      }
      return now.trials.slice(view.trials.length).map(({ params }): Assignment => params)
    },
    explain(view) {
      const { scientific = [] } = view
      const groups = groupsOf(view.space, scientific)
      const explanation = samplerOf(0).explain?.(viewOf(view, groups, 0)) ?? ''
      const [first] = groups
      const each =
        first && scientific.length > 0
          ? `The other parameters were tuned for each of ${groups.length} values of ${scientific.join(' and ')} by itself, with as many trials for each. `
          : ''
      const about = each && explanation ? `Of ${labelOf(first ?? {})}: ${explanation}` : explanation
      return each + about + describeWindows(view, groups)
    },
  }
}

/** The place of the group with the fewest trials, of equals the first. */
function next({ trials }: StudyView, groups: readonly Group[]): number {
  const counts = groups.map((group) => trials.filter((trial) => trial.state !== 'failed' && isIn(group, trial)).length)
  return counts.indexOf(Math.min(...counts))
}

/** The trials of a group, numbered as a study of its own. */
function trialsOf({ trials }: StudyView, group: Group): TrialView[] {
  return trials.filter((trial) => isIn(group, trial)).map((trial, number) => ({ ...trial, number }))
}

function neighbours(view: StudyView, groups: readonly Group[], place: number): EarlierTrial[] {
  const known = groups
    .map((group, at) => ({ group, distance: Math.abs(at - place), trials: trialsOf(view, group).filter(hasValue) }))
    .filter(({ distance, trials }) => distance > 0 && trials.length > 0)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEIGHBOURS)
  return known.flatMap(({ group, trials }) =>
    trials.map(({ params, value }) => ({
      study: labelOf(group),
      goal: view.goal,
      params: Object.fromEntries(Object.entries(params).filter(([name]) => group[name] === undefined)),
      value,
    })),
  )
}

function windowsOf({ space, startIn = {}, goal }: StudyView, trials: readonly TrialView[]) {
  return Object.fromEntries(
    Object.entries(startIn).flatMap(([name, begin]) => {
      const domain = space.parameter(name)?.domain
      return isNumeric(domain) ? [[name, windowAfter(domain, begin, name, trials, goal)] as const] : []
    }),
  )
}

function describeWindows(view: StudyView, groups: readonly Group[]): string {
  const { startIn = {} } = view
  const sentences = Object.entries(startIn).map(([name, [low, high]]) => {
    const widened = groups.filter((group) => {
      const trials = trialsOf(view, group).filter(({ state }) => isFinal(state))
      const [from = low, to = high] = windowsOf(view, trials)[name] ?? []
      return from < low || to > high
    })
    const wider =
      widened.length === 0
        ? 'which held the best'
        : `which was widened for ${widened.length === groups.length && groups.length > 1 ? 'all of them' : widened.map(labelOf).join('; ') || 'its best'}, where the best lay at an end`
    return ` ${name} was first looked for in ${low} to ${high}, ${wider}.`
  })
  return sentences.join('')
}
