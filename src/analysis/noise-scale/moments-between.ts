import type { GradientMoments } from './moments.ts'

export interface AveragingOptions {
  /** Of the moving averages. Default 0.99. */
  readonly decay?: number
  /** One step in so many was measured. Default 1. */
  readonly every?: number
}

/**
 * What a training measured between its reports, where it reported moving averages, as the probe of the noise scale does: m at a
 * report after t measured steps is Σ decay^age x / W(t), W(t) = Σ decay^age, so that the steps since the report before, n of
 * them, have the mean (W(t) m - decay^n W(t - n) m') / W(n). Successive averages share most of their steps: taken as they are,
 * they would pass for far more measurements than there were.
 * @param reports by ascending step, which counts from the first step of training. Those that are not finite are passed over
 */
export function momentsBetween(
  reports: readonly GradientMoments[],
  { decay = 0.99, every = 1 }: AveragingOptions = {},
): GradientMoments[] {
  const weight = (count: number) => (decay === 1 ? count : (1 - decay ** count) / (1 - decay))
  const between: GradientMoments[] = []
  let last = { count: 0, signal: 0, noise: 0 }
  for (const { step, signal, noise } of reports) {
    const count = Math.floor(step / every)
    const fresh = count - last.count
    if (fresh <= 0 || !Number.isFinite(signal + noise)) continue
    const [all, old, own] = [weight(count), decay ** fresh * weight(last.count), weight(fresh)]
    between.push({
      step,
      signal: (all * signal - old * last.signal) / own,
      noise: (all * noise - old * last.noise) / own,
    })
    last = { count, signal, noise }
  }
  return between
}
