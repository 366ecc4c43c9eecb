import type { Tensor } from '@tensorflow/tfjs-core'
import { checkCount, checkShare } from './check.ts'
import { gatherValues } from './gather.ts'
import { estimateNoiseScale, type NoiseMoments, noiseMoments } from './noise-scale.ts'
import type { Probe } from './probe.ts'
import { squaredNorm } from './squared-norm.ts'

export interface NoiseScaleConfig {
  /** In how many parts to take the gradient of a batch, at least 2. Default 2. */
  readonly parts?: number
  /** Measures one step in so many. Default 1: every step. */
  readonly every?: number
  /** Of the moving averages, by steps that are measured, in (0, 1]. Default 0.99: they forget within some 200 of them. */
  readonly decay?: number
}

/** What it takes to continue. */
interface Saved {
  readonly moments: readonly NoiseMoments[]
  readonly rows: readonly Rows[]
  readonly norms: Float32Array
}

interface Rows {
  readonly partRows: number
  readonly batchRows: number
}

/**
 * The gradient noise scale, by comparing the gradients of parts of each batch with that of the whole (`estimateNoiseScale`):
 * about the batch size up to which a larger batch saves steps. Reports `noiseScale`, in examples; `noiseScaleLow` and
 * `noiseScaleHigh`, its 95% interval; and what it is made of, `gradientSignal`, |G|² of the whole training set, and
 * `gradientVariance`, the variance of the gradient of one example.
 */
export function noiseScale({ parts = 2, every = 1, decay = 0.99 }: NoiseScaleConfig = {}): Probe {
  checkCount('noiseScale.parts', parts, 2)
  checkCount('noiseScale.every', every)
  checkShare('noiseScale.decay', decay)
  return {
    ...{ name: 'noiseScale', parts, every },
    start({ tf, data }) {
      const norms = gatherValues(tf)
      let moments: NoiseMoments[] = []
      let rows: Rows[] = []
      let partNorms: Tensor[] = []
      let inverseRows: number[] = []

      function take(values: Float32Array, sizes: readonly Rows[]): void {
        const fresh = sizes.map((each, i) => {
          const [ofParts, ofBatch] = [values[2 * i] ?? Number.NaN, values[2 * i + 1] ?? Number.NaN]
          return noiseMoments({ ofParts, ofBatch, ...each }, data.rows)
        })
        // A batch of one row has no parts, and a gradient may not be finite.
        const finite = fresh.filter(({ signal, noise }) => Number.isFinite(signal) && Number.isFinite(noise))
        moments = [...moments, ...finite].slice(-remembered(decay))
      }

      return {
        onPart(gradients, size) {
          partNorms.push(tf.keep(squaredNorm(tf, gradients)))
          inverseRows.push(1 / size)
        },
        onBatch(gradients, batchRows) {
          norms.add(tf.tidy(() => tf.stack([tf.mean(tf.stack(partNorms)), squaredNorm(tf, gradients)])))
          rows.push({ partRows: inverseRows.length / inverseRows.reduce((sum, each) => sum + each, 0), batchRows })
          tf.dispose(partNorms)
          ;[partNorms, inverseRows] = [[], []]
        },
        measure() {
          const sizes = rows
          rows = []
          return {
            tensor: norms.take(),
            metrics(values) {
              take(values, sizes)
              const { noiseScale, low, high, signal, noise } = estimateNoiseScale(moments, decay)
              return {
                ...{ noiseScale, noiseScaleLow: low, noiseScaleHigh: high },
                ...{ gradientSignal: signal, gradientVariance: noise },
              }
            },
          }
        },
        save: async (): Promise<Saved> => ({ moments, rows, norms: await norms.read() }),
        restore(saved) {
          if (!isSaved(saved)) return
          moments = [...saved.moments]
          rows = [...saved.rows]
          norms.add(tf.tensor1d(saved.norms))
        },
        dispose() {
          norms.dispose()
          tf.dispose(partNorms)
        },
      }
    },
  }
}

/** Steps whose weight in the averages is not below e^-10. */
function remembered(decay: number): number {
  return decay < 1 ? Math.ceil(-10 / Math.log(decay)) : 10_000
}

function isSaved(saved: unknown): saved is Saved {
  return typeof saved === 'object' && saved !== null && 'moments' in saved && 'rows' in saved && 'norms' in saved
}
