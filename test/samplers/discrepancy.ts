/**
 * Centred L2 discrepancy, squared, of points in the unit cube: how far they are from covering it evenly (Hickernell 1998,
 * as `scipy.stats.qmc.discrepancy` with method CD). For n independent uniform points in 2-D its mean is 7/(18 n).
 */
export function centeredDiscrepancy(points: readonly (readonly number[])[]): number {
  const n = points.length
  const product = (point: readonly number[], factor: (u: number, i: number) => number) =>
    point.reduce((total, u, i) => total * factor(u, i), 1)
  let single = 0
  let double = 0
  for (const a of points) {
    single += product(a, (u) => 1 + Math.abs(u - 0.5) / 2 - (u - 0.5) ** 2 / 2)
    for (const b of points) {
      double += product(a, (u, i) => {
        const v = b[i] ?? Number.NaN
        return 1 + Math.abs(u - 0.5) / 2 + Math.abs(v - 0.5) / 2 - Math.abs(u - v) / 2
      })
    }
  }
  return (13 / 12) ** (points[0]?.length ?? 0) - (2 / n) * single + double / n ** 2
}
