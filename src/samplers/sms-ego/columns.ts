import type { Axis, Point } from '../axes.ts'

/**
 * A point as a process sees it: a number as it is, an option by a column for each, so that two different ones are as far apart
 * as the ends of a number. What is not active is in the middle.
 */
export function columnsOf(axes: readonly Axis[]): (point: Point) => Float64Array {
  const places: number[] = []
  let width = 0
  for (const { kind, size } of axes) {
    places.push(width)
    width += kind === 'unordered' ? size : 1
  }
  return (point) => {
    const columns = new Float64Array(width)
    axes.forEach(({ kind }, k) => {
      const [at, u] = [places[k] ?? 0, point[k] ?? Number.NaN]
      if (kind !== 'unordered') columns[at] = Number.isNaN(u) ? 0.5 : u
      else if (!Number.isNaN(u)) columns[at + u] = Math.SQRT1_2
    })
    return columns
  }
}
