import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/engine.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { autoInt } from '../../../../src/train/models/click/auto-int.ts'
import { can } from '../../../../src/train/models/click/can.ts'
import { clickMlp } from '../../../../src/train/models/click/click-mlp.ts'
import { dcnMix } from '../../../../src/train/models/click/dcn-mix.ts'
import { dcnV2 } from '../../../../src/train/models/click/dcn-v2.ts'
import { dlrm } from '../../../../src/train/models/click/dlrm.ts'
import { factorizationMachine } from '../../../../src/train/models/click/factorization-machine.ts'
import { logisticRegression } from '../../../../src/train/models/click/logistic-regression.ts'
import { mlpOfEqualSize } from '../../../../src/train/models/click/mlp-of-equal-size.ts'
import { pnn } from '../../../../src/train/models/click/pnn.ts'
import { xDeepFm } from '../../../../src/train/models/click/x-deep-fm.ts'
import { forward } from '../../../../src/train/models/forward.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { DATA, drawnParams } from './small-models.ts'

const data = DATA.both
const deep = { embedding: 4, hidden: [8] }
const crosses = { ...deep, crossLayers: 2 }
/** Values as JavaScript may pass them, whatever the types say. */
const untyped = <T>(value: unknown): T => JSON.parse(JSON.stringify(value))

describe('a wrong hyperparameter is named', () => {
  test.each([
    ['clickMlp.embedding', () => clickMlp({ ...deep, embedding: 0 }, data)],
    ['clickMlp.hidden.1', () => clickMlp({ ...deep, hidden: [8, 1.5] }, data)],
    ['clickMlp.hidden', () => clickMlp(untyped({ embedding: 4 }), data)],
    ['clickMlp.hidden', () => clickMlp(untyped({ ...deep, hidden: 8 }), data)],
    ['clickMlp.embedding', () => clickMlp(untyped({ ...deep, embedding: [4] }), data)],
    ['clickMlp.dropout', () => clickMlp({ ...deep, dropout: 1 }, data)],
    ['clickMlp.norm.kind', () => clickMlp(untyped({ ...deep, norm: { kind: 'group' } }), data)],
    ['dcnV2.rank', () => dcnV2({ ...crosses, rank: 0 }, data)],
    ['dcnV2.rank', () => dcnV2(untyped({ ...crosses, rank: 'half' }), data)],
    ['dcnV2.structure', () => dcnV2(untyped({ ...crosses, rank: 2, structure: 'beside' }), data)],
    ['dcnV2.crossLayers', () => dcnV2({ ...crosses, rank: 'full', crossLayers: -1 }, data)],
    ['dcnMix.experts', () => dcnMix({ ...crosses, experts: Number.NaN, rank: 2 }, data)],
    ['pnn.products', () => pnn(untyped({ ...deep, products: 'cross' }), data)],
    ['dlrm.bottom.0', () => dlrm({ embedding: 4, bottom: [0], top: [] }, data)],
    ['dlrm.top', () => dlrm(untyped({ embedding: 4, bottom: [] }), data)],
    ['xDeepFm.maps', () => xDeepFm({ ...deep, maps: [] }, data)],
    ['autoInt.residual', () => autoInt(untyped({ embedding: 4, layers: 1, heads: 1, headWidth: 2 }), data)],
    ['can.orders', () => can({ ...deep, feed: 2, units: [2], orders: 0 }, data)],
    ['mlpOfEqualSize.depth', () => mlpOfEqualSize(clickMlp(deep, data), { embedding: 4, depth: 0 }, data)],
    ['mlpOfEqualSize.depth', () => mlpOfEqualSize(logisticRegression(data), { embedding: 4, depth: 2 }, data)],
  ])('%s', (path, build) => {
    expect(thrownBy(build)).toMatchObject({ code: 'model.invalid', path })
  })
})

describe('data that a model cannot have', () => {
  test.each([
    ['data', () => logisticRegression({})],
    ['data.features', () => logisticRegression({ features: -1 })],
    ['data.fields', () => factorizationMachine({ embedding: 4 }, { fields: 1.5, vocabulary: 9 })],
    ['data.vocabulary', () => factorizationMachine({ embedding: 4 }, { fields: 3 })],
    ['data', () => pnn(deep, { fields: 1, vocabulary: 5 })],
    ['data', () => dlrm({ embedding: 4, bottom: [], top: [] }, { features: 7 })],
    ['data', () => can({ ...deep, feed: 2, units: [2], orders: 1 }, { features: 7 })],
  ])('are refused: %s', (path, build) => {
    expect(thrownBy(build)).toMatchObject({ code: 'model.invalid', path })
  })

  describe('and come as a batch', () => {
    let tf: Tf
    beforeAll(async () => {
      tf = await (await createEngine('cpu')).load()
    })

    test.each(['features', 'categories'])('of another number of %s, or without, are refused', (input) => {
      const fm = factorizationMachine({ embedding: 4 }, data)
      const good = { features: tf.zeros([2, 2]), categories: tf.zeros([2, 3], 'int32') }
      const apply = (inputs: Record<string, ReturnType<Tf['zeros']>>) =>
        fm.apply(forward(tf, fm, drawnParams(tf, fm), inputs), inputs)
      expect(apply(good).shape).toEqual([2, 1])
      const wider = { ...good, [input]: tf.zeros([2, 5], input === 'features' ? 'float32' : 'int32') }
      expect(thrownBy(() => apply(wider))).toMatchObject({ code: 'data.invalid', path: input })
      const rest = Object.fromEntries(Object.entries(good).filter(([name]) => name !== input))
      expect(thrownBy(() => apply(rest))).toMatchObject({ code: 'data.invalid', path: input })
    })
  })
})
