import type { Metrics } from '../../study/trial.ts'
import { checkCount } from './check.ts'
import { gatherValues } from './gather.ts'
import type { Probe } from './probe.ts'
import { squaredNorm } from './squared-norm.ts'

export interface GradientNormConfig {
  /** Watches one step in so many. Default 1: every step. */
  readonly every?: number
}

/**
 * The L2 norm of the gradient of each step since the evaluation before, over all trained parameters. Reports
 * `gradientNorm`, their mean; `gradientNormP10`, `gradientNormP50`, `gradientNormP90`, their percentiles; and
 * `gradientNormMax`. The 90th is where the tuning playbook clips.
 */
export function gradientNorm({ every = 1 }: GradientNormConfig = {}): Probe {
  checkCount('gradientNorm.every', every)
  return {
    name: 'gradientNorm',
    every,
    start({ tf }) {
      const norms = gatherValues(tf)
      return {
        onBatch: (gradients) => norms.add(tf.tidy(() => tf.sqrt(squaredNorm(tf, gradients)).as1D())),
        measure: () => ({ tensor: norms.take(), metrics: summary }),
        save: () => norms.read(),
        restore(saved) {
          if (saved instanceof Float32Array) norms.add(tf.tensor1d(saved))
        },
        dispose: () => norms.dispose(),
      }
    },
  }
}

function summary(norms: Float32Array): Metrics {
  const sorted = norms.toSorted()
  return {
    gradientNorm: norms.reduce((sum, norm) => sum + norm, 0) / norms.length,
    gradientNormP10: percentile(sorted, 0.1),
    gradientNormP50: percentile(sorted, 0.5),
    gradientNormP90: percentile(sorted, 0.9),
    gradientNormMax: percentile(sorted, 1),
  }
}

/** Between the two values nearest, in proportion. */
function percentile(sorted: Float32Array, share: number): number {
  const place = share * (sorted.length - 1)
  const [low, high] = [sorted[Math.floor(place)] ?? Number.NaN, sorted[Math.ceil(place)] ?? Number.NaN]
  return low + (place - Math.floor(place)) * (high - low)
}
