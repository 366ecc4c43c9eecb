import { choice, int } from '../../space/domain.ts'
import type { Params } from '../../space/params.ts'

/** One to three layers, each with a width of its own, powers of two times `low`: `widthsOf` lists them. */
export function widths(low: number, high: number) {
  const width = int(low, high, { scale: 'log', step: 2 })
  return choice({
    one: { first: width },
    two: { first: width, second: width },
    three: { first: width, second: width, third: width },
  })
}

export type Widths = Params<{ widths: ReturnType<typeof widths> }>['widths']

/** The widths of a trial, first to last. */
export function widthsOf(chosen: Widths): number[] {
  if (chosen.kind === 'one') return [chosen.first]
  if (chosen.kind === 'two') return [chosen.first, chosen.second]
  return [chosen.first, chosen.second, chosen.third]
}
