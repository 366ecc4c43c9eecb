import { createRandom } from '../../src/numerics/random.ts'
import { adam, type Dataset, mlp, type TrainingConfig } from '../../src/train/index.ts'
import { gradientNorm } from '../../src/train/probes/gradient-norm.ts'
import { noiseScale } from '../../src/train/probes/noise-scale-probe.ts'

/** What is trained: the dense network of the engines' benchmark, and one whose steps are nearly all overhead. */
const MODELS = {
  mlp: { inputs: 784, hidden: [512, 512], batchSize: 128 },
  tiny: { inputs: 64, hidden: [32], batchSize: 32 },
} as const
export const MODEL_NAMES = ['mlp', 'tiny'] as const
export type ModelName = (typeof MODEL_NAMES)[number]

/** What is measured beside the bare loop. */
export const VARIANTS = {
  loop: {},
  'in 2 parts': { accumulate: 2 },
  gradientNorm: { probes: [gradientNorm()] },
  noiseScale: { probes: [noiseScale()] },
} as const satisfies Record<string, Partial<TrainingConfig>>

const ROWS = 8192
const CLASSES = 10

/** A training without end, on made-up examples. */
export function trainingOf(name: ModelName) {
  const { inputs, hidden, batchSize } = MODELS[name]
  const data = examples(ROWS, inputs)
  return {
    model: mlp({ inputs, hidden: [...hidden], classes: CLASSES }),
    optimizer: adam({ learningRate: 1e-3 }),
    data: { train: data, validation: examples(batchSize, inputs) },
    batchSize,
  }
}

function examples(rows: number, inputs: number): Dataset {
  const random = createRandom(0, 0, 'examples')
  return {
    rows,
    inputs: {
      features: { values: Float32Array.from({ length: rows * inputs }, () => random.next()), shape: [inputs] },
    },
    labels: { values: Int32Array.from({ length: rows }, () => random.int(CLASSES)), shape: [] },
  }
}
