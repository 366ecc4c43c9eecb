import type { Data, Surrogate } from './surrogate.ts'

/** What a model has learned, in words. */
export function describe({ axes, points, tried }: Data, { model, posterior }: Surrogate, start: number): string {
  const { kernel, noise, warp } = model
  const total = kernel.all + kernel.main + kernel.pairs
  const additive = (kernel.main + kernel.pairs) / total
  // How much a parameter moves the function along its range: the weights of its squared distances.
  const ranking = axes
    .map(({ parameter }, k) => ({
      name: parameter.name,
      weight: (kernel.all * (kernel.joint[k] ?? 0) + (kernel.main + kernel.pairs) * (kernel.single[k] ?? 0)) / total,
    }))
    .sort((a, b) => b.weight - a.weight)
  const named = ranking.slice(0, 3).map(({ name }) => name)
  const parts = [
    `The middle of the space and scrambled Sobol points up to ${start} trials, then a Gaussian process of ${posterior.count} values in ${axes.length} dimensions`,
    `the value changes most along ${named.join(', ')}`,
    `${Math.round(100 * additive)} % of its variance is in effects of one or two parameters`,
    noise > 1e-4
      ? `noise has a standard deviation of ${(100 * Math.sqrt(noise)).toPrecision(2)} % of the values'`
      : 'values are next to free of noise',
  ]
  const top = Math.expm1(warp.mean + 2 * warp.deviation)
  if (top > 2) parts.push('values are modelled on a scale that is logarithmic for the bad ones')
  if (tried.length > points.length)
    parts.push(`${tried.length - points.length} of ${tried.length} trials taught it where none can be evaluated`)
  return `${parts.join('; ')}.`
}
