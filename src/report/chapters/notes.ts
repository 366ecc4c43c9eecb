import { formatNumber } from '../format.ts'

/** Says that not all trials are drawn, and which; nothing where they are. */
export function sampledNote(drawn: number, all: number, kept: string, what = 'trials'): string[] {
  return drawn < all
    ? [
        `Drawn: ${drawn.toLocaleString('en-US')} of ${all.toLocaleString('en-US')} ${what}: ${kept}, and an evenly spaced sample of the others.`,
      ]
    : []
}

/** Says that the axis was cut, and what became of what lies beyond; nothing where it was not. */
export function beyondNote(limit: number | undefined, consequence: string): string[] {
  return limit === undefined
    ? []
    : [
        `The axis is cut at ${formatNumber(limit)}, so that a few very bad values do not flatten the others: ${consequence}.`,
      ]
}
