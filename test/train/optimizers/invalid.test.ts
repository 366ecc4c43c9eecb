import { expect, test } from 'vitest'
import { adadelta } from '../../../src/train/optimizers/adadelta.ts'
import { adagrad } from '../../../src/train/optimizers/adagrad.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { amsgrad } from '../../../src/train/optimizers/amsgrad.ts'
import { larc } from '../../../src/train/optimizers/larc.ts'
import { lars } from '../../../src/train/optimizers/lars.ts'
import { lion } from '../../../src/train/optimizers/lion.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import { nadam } from '../../../src/train/optimizers/nadam.ts'
import { novograd } from '../../../src/train/optimizers/novograd.ts'
import { rmsprop } from '../../../src/train/optimizers/rmsprop.ts'
import { rprop } from '../../../src/train/optimizers/rprop.ts'
import { scheduleFreeSgd } from '../../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { accumulateGradients } from '../../../src/train/optimizers/transformations/accumulate.ts'
import { clipAdaptively } from '../../../src/train/optimizers/transformations/adaptive-clip.ts'
import { averageWeights } from '../../../src/train/optimizers/transformations/average-weights.ts'
import { clipByGlobalNorm, clipByNorm, clipByValue } from '../../../src/train/optimizers/transformations/clip.ts'
import { addL1 } from '../../../src/train/optimizers/transformations/l1.ts'
import { thrownBy } from '../../helpers/errors.ts'

const learningRate = 0.1
const inner = sgd({ learningRate })

test.each<[string, string, (value: number) => unknown, readonly number[]]>([
  ['learningRate', '[0, ∞)', (learningRate) => sgd({ learningRate }), [-0.1, Number.NaN, Number.POSITIVE_INFINITY]],
  ['momentum', '[0, 1)', (momentum) => sgd({ learningRate, momentum }), [-0.1, 1]],
  ['weightDecay', '[0, ∞)', (weightDecay) => sgd({ learningRate, weightDecay }), [-1]],
  ['adam.beta1', '[0, 1)', (beta1) => adam({ learningRate, beta1 }), [-0.1, 1]],
  ['adam.beta2', '[0, 1)', (beta2) => adam({ learningRate, beta2 }), [1]],
  ['adam.epsilon', '[0, ∞)', (epsilon) => adam({ learningRate, epsilon }), [-1e-8]],
  ['amsgrad.beta1', '[0, 1)', (beta1) => amsgrad({ learningRate, beta1 }), [1]],
  ['nadam.momentumDecay', '[0, ∞)', (momentumDecay) => nadam({ learningRate, momentumDecay }), [-1]],
  ['adagrad.initialAccumulator', '[0, ∞)', (value) => adagrad({ learningRate, initialAccumulator: value }), [-1]],
  ['adadelta.epsilon', '(0, ∞)', (epsilon) => adadelta({ epsilon }), [0]],
  ['rmsprop.decay', '[0, 1)', (decay) => rmsprop({ learningRate, decay }), [1]],
  ['rprop.etaMinus', '(0, 1)', (etaMinus) => rprop({ learningRate, etaMinus }), [0, 1]],
  ['rprop.etaPlus', '(1, ∞)', (etaPlus) => rprop({ learningRate, etaPlus }), [1]],
  ['lion.beta2', '[0, 1)', (beta2) => lion({ learningRate, beta2 }), [1]],
  ['novograd.beta2', '[0, 1)', (beta2) => novograd({ learningRate, beta2 }), [1]],
  ['trustRatio.coefficient', '(0, ∞)', (value) => lars({ learningRate, trustCoefficient: value }), [0]],
  ['larc.trustCoefficient', '(0, ∞)', (value) => larc({ learningRate, trustCoefficient: value }), [0]],
  ['lookahead.alpha', '(0, 1]', (alpha) => lookahead(inner, { alpha }), [0, 1.1]],
  ['scheduleFree.beta', '(0, 1]', (beta) => scheduleFreeSgd({ learningRate, beta }), [0, 1.1]],
  ['clipByValue', '(0, ∞)', clipByValue, [0, -1, Number.NaN]],
  ['clipByNorm', '(0, ∞)', clipByNorm, [0]],
  ['clipByGlobalNorm', '(0, ∞)', clipByGlobalNorm, [0]],
  ['clipAdaptively.ratio', '(0, ∞)', (ratio) => clipAdaptively({ ratio }), [0]],
  ['averageWeights.decay', '[0, 1)', averageWeights, [1]],
  ['l1', '[0, ∞)', addL1, [-1]],
])('%s is in %s', (path, interval, make, values) => {
  for (const value of values)
    expect(thrownBy(() => make(value))).toMatchObject({
      code: 'optimizer.invalid',
      message: `${path} must be a number in ${interval}.`,
      path,
      value,
      remedy: `give a number in ${interval}`,
    })
})

test('counts are whole numbers from 1', () => {
  for (const value of [0, 1.5, Number.NaN]) {
    const error = { code: 'optimizer.invalid', value, remedy: 'give a whole number from 1' }
    expect(thrownBy(() => accumulateGradients(value, inner))).toMatchObject({
      ...error,
      path: 'accumulateGradients.steps',
    })
    expect(thrownBy(() => lookahead(inner, { period: value }))).toMatchObject({ ...error, path: 'lookahead.period' })
  }
})

test('the ends of a closed interval are allowed', () => {
  expect(() => [lookahead(inner, { alpha: 1 }), adam({ learningRate: 0, beta1: 0, epsilon: 0 })]).not.toThrow()
})
