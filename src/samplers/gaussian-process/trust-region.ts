import type { Point } from '../axes.ts'
import type { Kernel } from './kernel.ts'
import type { Box } from './maximise.ts'

/** As in the paper, section 2 and its supplement, but for the failures, of which it allows as many as there are dimensions. */
const FIRST = 0.8
const LONGEST = 1.6
const SHORTEST = 2 ** -7
const SUCCESSES = 3
const FAILURES = 5

/**
 * How a search went: how many of the last values did not better the best one, and the side of the trust region after all of
 * them, by the rules of TuRBO (Eriksson, Pearce, Gardner, Turner and Poloczek, "Scalable global optimization via local Bayesian
 * optimization", arXiv 1910.01739): twice as long after some values in a row that bettered the best, half as long after some
 * that did not, and from the beginning when it gets too short.
 */
export function progressOf(y: Float64Array): { readonly stalled: number; readonly length: number } {
  let best = Number.POSITIVE_INFINITY
  let length = FIRST
  let successes = 0
  let failures = 0
  let stalled = 0
  for (const value of y) {
    const isBetter = value < best - 1e-3 * Math.abs(best) || best === Number.POSITIVE_INFINITY
    best = Math.min(best, value)
    stalled = isBetter ? 0 : stalled + 1
    successes = isBetter ? successes + 1 : 0
    failures = isBetter ? 0 : failures + 1
    if (successes === SUCCESSES) {
      length = Math.min(LONGEST, 2 * length)
      successes = 0
    } else if (failures === FAILURES) {
      length = length / 2 < SHORTEST ? FIRST : length / 2
      failures = 0
    }
  }
  return { stalled, length }
}

/** The box of that side around a point, longer along columns that matter little: in proportion to the length scales. */
export function regionAround(centre: Point, length: number, { joint, single, all, main, pairs }: Kernel): Box {
  const logs = centre.map((_, k) => {
    const weight = (all * (joint[k] ?? 1) + (main + pairs) * (single[k] ?? 1)) / (all + main + pairs)
    return -Math.log(weight) / 2
  })
  const mean = logs.reduce((sum, value) => sum + value, 0) / logs.length
  const half = logs.map((value) => (length / 2) * Math.exp(Math.min(2, Math.max(-2, value - mean))))
  return {
    low: centre.map((u, k) => Math.max(0, u - (half[k] ?? 1))),
    high: centre.map((u, k) => Math.min(1, u + (half[k] ?? 1))),
  }
}
