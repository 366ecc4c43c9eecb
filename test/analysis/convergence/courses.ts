import type { Point } from '../../../src/analysis/convergence/curve.ts'
import type { Finding } from '../../../src/analysis/finding.ts'
import { createRandom } from '../../../src/numerics/random.ts'

/** A curve of `count` points, at steps up to 1000, with AR(1) noise. */
export function curveOf(
  course: (step: number) => number,
  { count = 50, noise = 0, correlation = 0, seed = 0, last = 1000 } = {},
): Point[] {
  const random = createRandom(seed, 0, 'curve')
  let deviation = random.normal()
  return Array.from({ length: count }, (_, i) => {
    const step = ((i + 1) * last) / count
    if (i > 0) deviation = correlation * deviation + Math.sqrt(1 - correlation ** 2) * random.normal()
    return { step, time: step / 10, value: course(step) + noise * deviation }
  })
}

/** The share of 100 seeds for which something holds. */
export function share(holds: (seed: number) => boolean, of = 100): number {
  return Array.from({ length: of }, (_, seed) => holds(seed)).filter(Boolean).length / of
}

export function knownOf<T>(finding: Finding<T>): T {
  if (!finding.known) throw new Error(finding.why)
  return finding.value
}
