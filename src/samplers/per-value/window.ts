import type { Domain, FloatDomain, IntDomain } from '../../space/domain.ts'
import { domainFromUnit, domainToUnit } from '../../space/value.ts'
import { best, type Goal, isFinal, type TrialView } from '../../study/view.ts'

/** The part of a numeric parameter's range that is searched, its ends included. */
export type Window = readonly [low: number, high: number]

export const isNumeric = (domain: Domain | undefined): domain is FloatDomain | IntDomain =>
  domain?.type === 'float' || domain?.type === 'int'

/** After as many outcomes as this a window is looked at again. */
const OUTCOMES = 4
/** The part of a window, along its scale, within which a value counts as at its end. */
const EDGE = 0.1
/** By what part of its width a window grows. */
const GROWTH = 0.5

/**
 * The window of one parameter after some trials: where the search began, wider by half on the side where the best of the
 * trials lay at its end each time it was looked at, and on both while none had a value. It never shrinks, never leaves the
 * domain, and holds every trial.
 */
export function windowAfter(
  domain: FloatDomain | IntDomain,
  begin: Window,
  parameter: string,
  trials: readonly TrialView[],
  goal: Goal,
): Window {
  let window = begin
  const ended = trials.filter(({ state }) => isFinal(state) && state !== 'failed')
  for (let count = OUTCOMES; count <= ended.length; count += OUTCOMES) {
    const value = best(ended.slice(0, count), goal)?.params[parameter]
    window = widened(domain, window, value === undefined ? undefined : Number(value))
  }
  const tried = trials.flatMap(({ params }) => (params[parameter] === undefined ? [] : [Number(params[parameter])]))
  return [Math.min(window[0], ...tried), Math.max(window[1], ...tried)]
}

function widened(domain: FloatDomain | IntDomain, [low, high]: Window, at: number | undefined): Window {
  const [from, to] = [domainToUnit(domain, low), domainToUnit(domain, high)]
  const width = to - from
  const place = at === undefined ? undefined : (domainToUnit(domain, at) - from) / width
  const grow = (u: number) => Number(domainFromUnit(domain, Math.min(1, Math.max(0, u))))
  return [
    place === undefined || place <= EDGE ? Math.min(low, grow(from - GROWTH * width)) : low,
    place === undefined || place >= 1 - EDGE ? Math.max(high, grow(to + GROWTH * width)) : high,
  ]
}
