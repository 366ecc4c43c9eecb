import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { adadelta } from '../../../src/train/optimizers/adadelta.ts'
import { adagrad } from '../../../src/train/optimizers/adagrad.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { adamax } from '../../../src/train/optimizers/adamax.ts'
import { adamw } from '../../../src/train/optimizers/adamw.ts'
import { amsgrad } from '../../../src/train/optimizers/amsgrad.ts'
import { chain } from '../../../src/train/optimizers/chain.ts'
import { lamb } from '../../../src/train/optimizers/lamb.ts'
import { lars } from '../../../src/train/optimizers/lars.ts'
import { scaleByLearningRate } from '../../../src/train/optimizers/learning-rate.ts'
import { lion } from '../../../src/train/optimizers/lion.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import { nadam } from '../../../src/train/optimizers/nadam.ts'
import { nadamw } from '../../../src/train/optimizers/nadamw.ts'
import { novograd } from '../../../src/train/optimizers/novograd.ts'
import { radam } from '../../../src/train/optimizers/radam.ts'
import { rmsprop, scaleByRms } from '../../../src/train/optimizers/rmsprop.ts'
import { rprop } from '../../../src/train/optimizers/rprop.ts'
import { scheduleFree } from '../../../src/train/optimizers/schedule-free.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { signum } from '../../../src/train/optimizers/signum.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'
import { clipByGlobalNorm } from '../../../src/train/optimizers/transformations/clip.ts'
import reference from '../../fixtures/train/optimizers.json' with { type: 'json' }
import { descend } from './descend.ts'

/** PyTorch, and optax as it was called, decay every parameter. */
const decayMask = () => true

const optimizers: Record<string, Transformation> = {
  sgd: sgd({ learningRate: 0.1 }),
  'sgd+weightDecay': sgd({ learningRate: 0.1, weightDecay: 0.01, decayMask }),
  momentum: sgd({ learningRate: 0.1, momentum: 0.9 }),
  nesterov: sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  adagrad: adagrad({ learningRate: 0.1 }),
  adadelta: adadelta(),
  rmsprop: rmsprop({ learningRate: 0.01 }),
  'rmsprop+centered': rmsprop({ learningRate: 0.01, centered: true }),
  adam: adam({ learningRate: 0.01 }),
  amsgrad: amsgrad({ learningRate: 0.01 }),
  adamw: adamw({ learningRate: 0.01, weightDecay: 0.05, decayMask }),
  adamax: adamax({ learningRate: 0.01 }),
  nadam: nadam({ learningRate: 0.01 }),
  radam: radam({ learningRate: 0.01 }),
  rprop: rprop({ learningRate: 0.01 }),
  nadamw: nadamw({ learningRate: 0.01, weightDecay: 0.05, decayMask }),
  lion: lion({ learningRate: 0.01, weightDecay: 0.05, decayMask }),
  lamb: lamb({ learningRate: 0.01, weightDecay: 0.05, decayMask }),
  lars: lars({ learningRate: 0.1, weightDecay: 0.01, decayMask }),
  novograd: novograd({ learningRate: 0.01, weightDecay: 0.01, decayMask }),
  'lookahead(sgd)': lookahead(sgd({ learningRate: 0.1 })),
  'lookahead(adam)': lookahead(adam({ learningRate: 0.01 })),
  scheduleFreeAdamW: optaxScheduleFreeAdamW(),
  'scheduleFreeAdamW.eval': optaxScheduleFreeAdamW(),
  signum: signum({ learningRate: 0.01 }),
  'clipByGlobalNorm(sgd)': chain(clipByGlobalNorm(1), sgd({ learningRate: 0.1 })),
}

/** optax counts steps from 0 for the rate and from 1 for the weights of the average. */
function optaxScheduleFreeAdamW(): Transformation {
  const warmup = (step: number) => 0.01 * Math.min(1, step / 5)
  const inner = chain(scaleByRms({ decay: 0.999, corrected: true }), scaleByLearningRate(warmup))
  return scheduleFree(inner, { learningRate: (step) => warmup(step + 1) })
}

/** These have tests of their own. */
const elsewhere = ['adafactor', 'ftrl']

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

describe('thirty steps follow the published implementation', () => {
  test.each(reference.optimizers.filter(({ name }) => !elsewhere.includes(name)))('$name: $source', (row) => {
    const optimizer = optimizers[row.name]
    if (!optimizer) throw new Error(`no optimizer for ${row.name}`)
    const { path, evaluated } = descend(
      tf,
      optimizer,
      [reference.params0.w, reference.params0.b],
      (_params, step) => {
        const { w, b } = reference.grads[step] ?? reference.params0
        return [w, b]
      },
      30,
    )
    const actual = row.name.endsWith('.eval') ? evaluated : path
    expect(row.params.map(({ step }) => step)).toEqual([1, 2, 3, 5, 10, 20, 30])
    for (const { step, w, b } of row.params) {
      const expected = [...w.flat(), ...b]
      const values = actual[step - 1]?.flat() ?? []
      expect(values).toHaveLength(expected.length)
      for (const [i, value] of expected.entries())
        expect(Math.abs((values[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
    }
  })

  test('every row is followed, here or elsewhere', () => {
    const names = reference.optimizers.map(({ name }) => name).sort()
    expect([...Object.keys(optimizers), ...elsewhere].sort()).toEqual(names)
  })
})
