import { type Distribution, deviations, type Layout } from './distribution.ts'

/** The reasons to begin anew that suit few and noisy trials, of the tutorial's appendix B.3. */
export function hasConverged(
  { numbers, axes }: Layout,
  distribution: Distribution,
  bests: readonly number[],
  losses: readonly number[],
  population: number,
): boolean {
  // TolFun: neither the last generations' best nor the last generation itself tells anything apart.
  const span = 10 + Math.ceil((30 * numbers.length) / population)
  const recent = [...bests.slice(-span), ...losses]
  const range = Math.max(...recent) - Math.min(...recent)
  if (bests.length >= span && range <= 1e-12) return true
  // TolX: nothing but the numbers' precision is left. Coarse axes do not narrow.
  const widths = deviations(distribution)
  const fine = widths.filter((_, i) => axes[numbers[i] ?? 0]?.kind === 'continuous')
  const narrowest = Math.min(...distribution.lengths)
  const widest = Math.max(...distribution.lengths)
  return (fine.length > 0 && fine.every((width) => width < 1e-9)) || widest > 1e7 * narrowest
}
