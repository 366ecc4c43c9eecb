import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Tf } from '../../../../src/study/engine.ts'
import { autoInt } from '../../../../src/train/models/click/auto-int.ts'
import { can } from '../../../../src/train/models/click/can.ts'
import { clickMlp } from '../../../../src/train/models/click/click-mlp.ts'
import type { ClickData } from '../../../../src/train/models/click/data.ts'
import { dcn } from '../../../../src/train/models/click/dcn.ts'
import { dcnMix } from '../../../../src/train/models/click/dcn-mix.ts'
import { dcnV2 } from '../../../../src/train/models/click/dcn-v2.ts'
import { deepFm } from '../../../../src/train/models/click/deep-fm.ts'
import { dlrm } from '../../../../src/train/models/click/dlrm.ts'
import { factorizationMachine } from '../../../../src/train/models/click/factorization-machine.ts'
import { logisticRegression } from '../../../../src/train/models/click/logistic-regression.ts'
import { pnn } from '../../../../src/train/models/click/pnn.ts'
import { wideAndDeep } from '../../../../src/train/models/click/wide-and-deep.ts'
import { xDeepFm } from '../../../../src/train/models/click/x-deep-fm.ts'
import type { Inputs, Model } from '../../../../src/train/models/model.ts'

const embedding = 3
const hidden = [16, 8]
const crosses = { embedding, crossLayers: 2, hidden }

/** Every click model, small. */
export const models: Record<string, (data: ClickData) => Model> = {
  'logistic regression': logisticRegression,
  'factorization machine': (data) => factorizationMachine({ embedding }, data),
  'plain network': (data) => clickMlp({ embedding, hidden }, data),
  'plain network with batch norm': (data) => clickMlp({ embedding, hidden, norm: { kind: 'batch' } }, data),
  'wide & deep': (data) => wideAndDeep({ embedding, hidden }, data),
  DeepFM: (data) => deepFm({ embedding, hidden }, data),
  'PNN, inner products': (data) => pnn({ embedding, hidden }, data),
  'PNN, outer products': (data) => pnn({ embedding, hidden, products: 'outer' }, data),
  'PNN, both': (data) => pnn({ embedding, hidden, products: 'both' }, data),
  DLRM: (data) => dlrm({ embedding, bottom: [4], top: hidden }, data),
  xDeepFM: (data) => xDeepFm({ embedding, hidden, maps: [3, 2] }, data),
  AutoInt: (data) => autoInt({ embedding, layers: 2, heads: 2, headWidth: 3, residual: true }, data),
  'AutoInt without residuals': (data) =>
    autoInt({ embedding, layers: 1, heads: 2, headWidth: 3, residual: false }, data),
  CAN: (data) => can({ embedding, hidden, feed: 3, units: [3, 2], orders: 2 }, data),
  DCN: (data) => dcn({ ...crosses, structure: 'parallel' }, data),
  'DCN-V2': (data) => dcnV2({ ...crosses, rank: 'full' }, data),
  'DCN-V2, low rank': (data) => dcnV2({ ...crosses, rank: 2, structure: 'parallel' }, data),
  'DCN-V2, cross layers alone': (data) => dcnV2({ ...crosses, rank: 2, hidden: [] }, data),
  'DCN-Mix': (data) => dcnMix({ ...crosses, experts: 2, rank: 2 }, data),
}

/** Both kinds of input, and each alone. Fields have two ids or three. */
export const DATA = {
  both: { features: 2, fields: 3, vocabulary: 7 },
  fields: { fields: 3, vocabulary: 7 },
  features: { features: 3 },
} satisfies Record<string, ClickData>

/** Rows of random features and ids. */
export function rowsOf(tf: Tf, { features = 0, fields = 0 }: ClickData, rows: number): Inputs {
  const random = createRandom(0, 0, 'rows')
  const ids = Array.from({ length: rows }, () => [0, 2, 4].map((first) => first + random.int(first === 4 ? 3 : 2)))
  return {
    ...(features > 0 && {
      features: tf.tensor2d(
        Float32Array.from({ length: rows * features }, () => random.normal()),
        [rows, features],
      ),
    }),
    ...(fields > 0 && { categories: tf.tensor2d(ids, [rows, fields], 'int32') }),
  }
}

/** Every parameter drawn anew, so that none is zero and all matter. */
export function drawnParams(tf: Tf, { parameters }: Model): Tensor[] {
  return parameters.map(({ name, shape, role }) => {
    const random = createRandom(1, 0, name)
    const size = tf.util.sizeFromShape([...shape])
    const spread = role === 'statistic' || role === 'scale' ? 0.1 : 0.5
    const middle = role === 'statistic' ? 1 : 0
    return tf.tensor(
      Float32Array.from({ length: size }, () => middle + spread * random.normal()),
      [...shape],
    )
  })
}
