import type { Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom, type Random } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { cnn } from '../../../src/train/models/cnn.ts'
import { forward } from '../../../src/train/models/forward.ts'
import { linear } from '../../../src/train/models/linear.ts'
import { logistic } from '../../../src/train/models/logistic.ts'
import { lstmNextWord } from '../../../src/train/models/lstm-next-word.ts'
import { mlp } from '../../../src/train/models/mlp.ts'
import type { Model } from '../../../src/train/models/model.ts'
import { transformerClassifier } from '../../../src/train/models/transformer-classifier.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { disposeTraining, startTraining, trainStep } from '../../../src/train/step.ts'
import { regression } from '../../../src/train/tasks/regression.ts'
import { initialWeights, toTensors } from '../../../src/train/weights.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { normals } from './cases.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

const stream = (purpose: string) => createRandom(0, 0, purpose)
const countOf = (model: Model, role?: string) =>
  model.parameters
    .filter((parameter) => !role || parameter.role === role)
    .reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0)
const shapesOf = (model: Model) => Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape]))

describe('mlp', () => {
  test('has a layer for each width, and a head', () => {
    expect(shapesOf(mlp({ inputs: 784, hidden: [512, 256], classes: 10 }))).toEqual({
      'hidden0/kernel': [784, 512],
      'hidden0/bias': [512],
      'hidden1/kernel': [512, 256],
      'hidden1/bias': [256],
      'head/kernel': [256, 10],
      'head/bias': [10],
    })
    expect(Object.keys(shapesOf(mlp({ inputs: 4, hidden: [], outputs: 1 })))).toEqual(['head/kernel', 'head/bias'])
  })

  test('has no bias where a norm takes it out, and a shortcut where widths differ', () => {
    const norm = { kind: 'ghost', size: 32 } as const
    expect(Object.keys(shapesOf(mlp({ inputs: 4, hidden: [4, 3], classes: 2, norm, residual: true })))).toEqual([
      'hidden0/kernel',
      'hidden0/norm/scale',
      'hidden0/norm/offset',
      'hidden0/norm/mean',
      'hidden0/norm/variance',
      'hidden1/kernel',
      'hidden1/norm/scale',
      'hidden1/norm/offset',
      'hidden1/norm/mean',
      'hidden1/norm/variance',
      'hidden1/shortcut/kernel',
      'head/kernel',
      'head/bias',
    ])
  })

  test('begins as its activation wants it, or as it is told', () => {
    const spread = (model: Model) => {
      const [kernel] = initialWeights(model, stream)
      return (kernel?.values ?? new Float32Array()).reduce((sum, v) => sum + v * v, 0) / (kernel?.values.length ?? 1)
    }
    const shape = { inputs: 200, hidden: [300], classes: 10 }
    expect(spread(mlp(shape)) * 200).toBeCloseTo(2, 1)
    expect(spread(mlp({ ...shape, activation: 'tanh' })) * 500).toBeCloseTo(2, 1)
    expect(spread(mlp({ ...shape, activation: 'tanh', initializer: 'lecunNormal' })) * 200).toBeCloseTo(1, 1)
  })

  test('with residuals and nothing in its layers is linear in its input', () => {
    const model = mlp({ inputs: 3, hidden: [3, 3], classes: 3, residual: true })
    const params = model.parameters.map(({ name, shape }) =>
      name === 'head/kernel' ? tf.eye(3) : tf.zeros([...shape]),
    )
    const inputs = { features: tf.tensor2d([[1, -2, 3]]) }
    expect([...model.apply(forward(tf, model, params, inputs), inputs).dataSync()]).toEqual([1, -2, 3])
  })

  test('shows probes each hidden layer after its activation', () => {
    const model = mlp({ inputs: 3, hidden: [4, 5], classes: 2 })
    const inputs = { features: normals(tf, 6, 3) }
    const seen: string[] = []
    const onObserve = (name: string, activation: Tensor) => {
      expect(tf.min(activation).dataSync()[0]).toBe(0)
      seen.push(`${name} ${activation.shape}`)
    }
    model.apply(forward(tf, model, toTensors(tf, initialWeights(model, stream)), inputs, { onObserve }), inputs)
    expect(seen).toEqual(['hidden0 6,4', 'hidden1 6,5'])
  })

  test('takes rows of any shape, and no others than it was made for', () => {
    const model = mlp({ inputs: 6, hidden: [], classes: 2 })
    const params = toTensors(tf, initialWeights(model, stream))
    const apply = (...shape: number[]) => {
      const inputs = { features: normals(tf, ...shape) }
      return model.apply(forward(tf, model, params, inputs), inputs)
    }
    expect([...apply(4, 2, 3).dataSync()]).toEqual([...apply(4, 6).dataSync()])
    expect(thrownBy(() => apply(4, 3))).toMatchObject({ code: 'data.invalid', path: 'features', value: [3] })
    expect(thrownBy(() => apply(4, 12)).code).toBe('data.invalid')
    expect(thrownBy(() => model.apply(forward(tf, model, params, {}), {}))).toMatchObject({ path: 'features' })
  })
})

describe('linear regression', () => {
  test('finds the line that the data lie on, and starts at zero', () => {
    const model = linear({ inputs: 2, outputs: 1 })
    const training = { model, task: regression, optimizer: sgd({ learningRate: 0.3 }) }
    const weights = initialWeights(model, stream)
    expect(weights.every(({ values }) => values.every((v) => v === 0))).toBe(true)
    const batch = () => {
      const features = normals(tf, 20, 2)
      return { inputs: { features }, labels: tf.add(tf.matMul(features, tf.tensor2d([[2], [-3]])), 0.5) }
    }
    let state = startTraining(tf, training, weights)
    for (let step = 0; step < 60; step++) state = trainStep(tf, training, state, batch, stream('training'))
    const [kernel, bias] = state.params.map((tensor) => tensor.dataSync())
    expect(kernel?.[0]).toBeCloseTo(2, 4)
    expect(kernel?.[1]).toBeCloseTo(-3, 4)
    expect(bias?.[0]).toBeCloseTo(0.5, 4)
    disposeTraining(state)
  })
})

describe('cnn', () => {
  test('that reads sign letters has the parameters of its layers', () => {
    const model = cnn({ classes: 24 })
    const convolutions = 9 * 75 + 9 * 75 * 50 + 9 * 50 * 25
    const norms = 4 * (75 + 50 + 25)
    expect(countOf(model)).toBe(convolutions + norms + (4 * 4 * 25 + 1) * 512 + (512 + 1) * 24)
    expect(countOf(model, 'statistic')).toBe(norms / 2)
  })

  test('pooled before the activation is what it is after it, where that only rises', () => {
    const x = normals(tf, 2, 5, 6, 3).as4D(2, 5, 6, 3)
    for (const f of [tf.relu, tf.sigmoid, tf.tanh]) {
      const before = f(tf.maxPool(x, 2, 2, 'same')).dataSync()
      expect([...before]).toEqual([...tf.maxPool(f(x).as4D(2, 5, 6, 3), 2, 2, 'same').dataSync()])
    }
  })

  test.each([
    { blockDropout: 0.5, hiddenDropout: 0, channels: [2, 2], drops: true },
    { blockDropout: 0.5, hiddenDropout: 0, channels: [2], drops: false },
    { blockDropout: 0, hiddenDropout: 0.5, channels: [2], drops: true },
    { blockDropout: 0, hiddenDropout: 0, channels: [2, 2], drops: false },
  ])('drops after the second block and after the dense layer: %o', ({ drops, ...config }) => {
    const model = cnn({ image: [6, 6, 1], hidden: 20, classes: 2, norm: { kind: 'none' }, ...config })
    const inputs = { features: normals(tf, 3, 36) }
    const params = toTensors(tf, initialWeights(model, stream))
    const outputs = (options: { random?: Random }) => [
      ...model.apply(forward(tf, model, params, inputs, options), inputs).dataSync(),
    ]
    const dropped = outputs({ random: stream('dropout') })
    if (drops) expect(dropped).not.toEqual(outputs({}))
    else expect(dropped).toEqual(outputs({}))
  })

  test('takes images of odd sizes and several channels', () => {
    const model = cnn({ image: [7, 5, 3], channels: [4, 6], hidden: 8, classes: 3 })
    expect(shapesOf(model)['hidden/kernel']).toEqual([2 * 2 * 6, 8])
    const inputs = { features: normals(tf, 2, 7 * 5 * 3) }
    const params = toTensors(tf, initialWeights(model, stream))
    expect(model.apply(forward(tf, model, params, inputs), inputs).shape).toEqual([2, 3])
  })
})

describe('a wrong hyperparameter is named', () => {
  const text = { vocabulary: 5, length: 4, classes: 2 }
  /** Values as JavaScript may pass them, whatever the types say. */
  const untyped = <T>(value: unknown): T => JSON.parse(JSON.stringify(value))

  test.each([
    ['mlp.inputs', () => mlp({ inputs: 0, hidden: [], classes: 2 })],
    ['mlp.hidden.1', () => mlp({ inputs: 2, hidden: [3, 2.5], classes: 2 })],
    ['mlp.classes', () => mlp({ inputs: 2, hidden: [], classes: -1 })],
    ['mlp.outputs', () => mlp({ inputs: 2, hidden: [], outputs: 0 })],
    ['mlp.outputs', () => mlp(untyped({ inputs: 2, hidden: [] }))],
    ['mlp.dropout', () => mlp({ inputs: 2, hidden: [3], classes: 2, dropout: 1 })],
    ['mlp.activation', () => mlp(untyped({ inputs: 2, hidden: [3], classes: 2, activation: 'swish' }))],
    ['mlp.norm.kind', () => mlp(untyped({ inputs: 2, hidden: [3], classes: 2, norm: { kind: 'group' } }))],
    ['mlp.norm.size', () => mlp({ inputs: 2, hidden: [3], classes: 2, norm: { kind: 'ghost', size: 0 } })],
    ['mlp.initializer', () => mlp(untyped({ inputs: 2, hidden: [3], classes: 2, initializer: 'ones' }))],
    ['linear.inputs', () => logistic({ inputs: 1.5 })],
    ['cnn.image.1', () => cnn({ image: [4, 0, 1], classes: 2 })],
    ['cnn.channels.0', () => cnn({ channels: [0], classes: 2 })],
    ['cnn.hidden', () => cnn({ hidden: 0, classes: 2 })],
    ['cnn.blockDropout', () => cnn({ blockDropout: -0.1, classes: 2 })],
    ['cnn.hiddenDropout', () => cnn({ hiddenDropout: 1, classes: 2 })],
    ['lstmNextWord.vocabulary', () => lstmNextWord({ vocabulary: 0 })],
    ['lstmNextWord.embedding', () => lstmNextWord({ vocabulary: 5, embedding: 0 })],
    ['lstmNextWord.predicts', () => lstmNextWord(untyped({ vocabulary: 5, predicts: 'all' }))],
    ['transformerClassifier.heads', () => transformerClassifier({ ...text, width: 8, heads: 3 })],
    ['transformerClassifier.width', () => transformerClassifier({ ...text, width: 0 })],
    ['transformerClassifier.pooling', () => transformerClassifier(untyped({ ...text, pooling: 'max' }))],
    ['transformerClassifier.attentionDropout', () => transformerClassifier({ ...text, attentionDropout: 1 })],
    ['transformerClassifier.positions', () => transformerClassifier(untyped({ ...text, positions: 'none' }))],
  ])('%s', (path, make) => {
    expect(thrownBy(make)).toMatchObject({ code: 'model.invalid', path })
  })
})
