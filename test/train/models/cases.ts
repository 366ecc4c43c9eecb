import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import type { Batch } from '../../../src/train/data/batch.ts'
import { cnn } from '../../../src/train/models/cnn.ts'
import { linear } from '../../../src/train/models/linear.ts'
import { logistic } from '../../../src/train/models/logistic.ts'
import { lstmNextWord } from '../../../src/train/models/lstm-next-word.ts'
import { mlp } from '../../../src/train/models/mlp.ts'
import type { Model } from '../../../src/train/models/model.ts'
import { meanOutput } from '../../../src/train/models/quadratic/mean-output.ts'
import { noisyQuadratic } from '../../../src/train/models/quadratic/problem.ts'
import { quadratic } from '../../../src/train/models/quadratic/quadratic.ts'
import { transformerClassifier } from '../../../src/train/models/transformer-classifier.ts'
import { transformerLanguageModel } from '../../../src/train/models/transformer-language-model.ts'
import { binaryClassification } from '../../../src/train/tasks/binary-classification.ts'
import { classification } from '../../../src/train/tasks/classification.ts'
import { nextToken } from '../../../src/train/tasks/next-token.ts'
import { regression } from '../../../src/train/tasks/regression.ts'
import type { Task } from '../../../src/train/tasks/task.ts'

export interface ModelCase {
  readonly name: string
  readonly model: Model
  readonly task: Task
  /** Whether training computes something else than evaluation: by dropout, or by norms of the batch. */
  readonly differs: boolean
  /** Six examples. */
  batch(tf: Tf): Batch
}

const ROWS = 6

export function normals(tf: Tf, ...shape: number[]): Tensor {
  const random = createRandom(0, 0, 'inputs')
  const size = shape.reduce((product, length) => product * length, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.normal()),
    shape,
  )
}

const classes = (tf: Tf) => tf.tensor1d([0, 2, 1, 1, 0, 2], 'int32')
const rowsOf = (...shape: number[]) => ({
  batch: (tf: Tf): Batch => ({ inputs: { features: normals(tf, ROWS, ...shape) }, labels: classes(tf) }),
  task: classification,
})

/** Padded on the left, the last of them not at all. */
const TEXTS = [0, 0, 0, 4, 0, 0, 3, 1, 0, 5, 2, 2, 0, 1, 3, 4, 0, 0, 5, 1, 2, 3, 4, 5]
const TOKENS = 6
const texts = (tf: Tf) => ({ tokens: tf.tensor2d(TEXTS, [ROWS, 4], 'int32') })
const ofText = (labels: (tf: Tf) => Tensor) => (tf: Tf) => ({ inputs: texts(tf), labels: labels(tf) })
/** The word after each: that of padding is padding, and does not count. */
const wordsAfter = (tf: Tf) =>
  tf.tensor2d(
    TEXTS.map((token) => (token === 0 ? 0 : 1 + (token % 5))),
    [ROWS, 4],
    'int32',
  )
const everyWord = { batch: ofText(wordsAfter), task: nextToken({ padding: 0 }) }
const nextWord = { batch: ofText((tf) => tf.tensor1d([5, 2, 3, 5, 2, 1], 'int32')), task: classification }
const ofTextClass = { batch: ofText(classes), task: classification }

const encoder = { vocabulary: TOKENS, length: 4, width: 4, heads: 2, blocks: 1, inner: 6 }
const still = { dropout: 0, attentionDropout: 0 }
const problem = noisyQuadratic(5)

export const MODEL_CASES: readonly ModelCase[] = [
  {
    name: 'linear regression',
    model: linear({ inputs: 3, outputs: 2 }),
    task: regression,
    differs: false,
    batch: (tf) => ({ inputs: { features: normals(tf, ROWS, 3) }, labels: normals(tf, ROWS, 2) }),
  },
  {
    name: 'logistic regression',
    model: logistic({ inputs: 3 }),
    task: binaryClassification,
    differs: false,
    batch: (tf) => ({ inputs: { features: normals(tf, ROWS, 3) }, labels: tf.tensor1d([0, 1, 1, 0, 1, 0], 'int32') }),
  },
  {
    name: 'quadratic',
    model: quadratic(problem),
    task: meanOutput,
    differs: false,
    batch: (tf) => ({ inputs: { features: normals(tf, ROWS, 5) }, labels: tf.zeros([ROWS]) }),
  },
  {
    name: 'mlp',
    model: mlp({ inputs: 4, hidden: [5, 3], classes: 3, activation: 'tanh' }),
    differs: false,
    ...rowsOf(2, 2),
  },
  {
    name: 'mlp with batch norm',
    model: mlp({ inputs: 4, hidden: [5], classes: 3, activation: 'gelu', norm: { kind: 'batch' } }),
    differs: true,
    ...rowsOf(4),
  },
  {
    name: 'residual mlp with ghost batch norm and dropout',
    model: mlp({
      inputs: 4,
      hidden: [4, 3],
      classes: 3,
      activation: 'sigmoid',
      norm: { kind: 'ghost', size: 3 },
      dropout: 0.3,
      residual: true,
    }),
    differs: true,
    ...rowsOf(4),
  },
  {
    name: 'residual mlp with layer norm',
    model: mlp({ inputs: 4, hidden: [4, 4], classes: 3, activation: 'gelu', norm: { kind: 'layer' }, residual: true }),
    differs: false,
    ...rowsOf(4),
  },
  {
    name: 'cnn',
    model: cnn({ image: [5, 4, 1], channels: [2, 3], hidden: 4, classes: 3, activation: 'gelu' }),
    differs: true,
    ...rowsOf(5, 4, 1),
  },
  {
    name: 'cnn without norm and dropout',
    model: cnn({
      image: [4, 4, 2],
      channels: [2],
      hidden: 4,
      classes: 3,
      activation: 'tanh',
      norm: { kind: 'none' },
      hiddenDropout: 0,
    }),
    differs: false,
    ...rowsOf(4, 4, 2),
  },
  {
    name: 'lstm',
    model: lstmNextWord({ vocabulary: TOKENS, embedding: 3, units: 2, dropout: 0 }),
    differs: false,
    ...nextWord,
  },
  {
    name: 'tied lstm of every word, with dropout',
    model: lstmNextWord({ vocabulary: TOKENS, embedding: 3, units: 2, tied: true, predicts: 'every', dropout: 0.3 }),
    differs: true,
    ...everyWord,
  },
  {
    name: 'transformer classifier by the mean',
    model: transformerClassifier({ ...encoder, ...still, classes: 3 }),
    differs: false,
    ...ofTextClass,
  },
  {
    name: 'transformer classifier by a token of its own, with dropout',
    model: transformerClassifier({
      ...encoder,
      classes: 3,
      pooling: 'cls',
      positions: 'sinusoidal',
      attentionDropout: 0.3,
    }),
    differs: true,
    ...ofTextClass,
  },
  {
    name: 'transformer language model',
    model: transformerLanguageModel({ ...encoder, ...still, blocks: 2 }),
    differs: false,
    ...everyWord,
  },
  {
    name: 'untied transformer language model with dropout',
    model: transformerLanguageModel({ ...encoder, tied: false }),
    differs: true,
    ...everyWord,
  },
]
