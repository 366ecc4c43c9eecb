import { bool, choice, float, int } from '../../space/domain.ts'
import { STRUCTURES } from '../models/click/cross-network.ts'
import { PRODUCTS } from '../models/click/pnn.ts'
import { norms } from './norms.ts'

const embedding = int(4, 32, { scale: 'log', step: 2 })
const rank = int(1, 128, { scale: 'log', step: 2 })
/** Hidden layers, all as wide as each other. */
const dense = {
  depth: int(1, 4),
  width: int(32, 512, { scale: 'log', step: 2 }),
  norm: norms(),
  dropout: float(0, 0.5),
}
const deep = { embedding, ...dense }
const crosses = { ...deep, crossLayers: int(1, 4), structure: choice(STRUCTURES) }

/** Each click model with its hyperparameters: `choice({ dcnV2: clickModelBranches.dcnV2, … })` compares some of them. */
export const clickModelBranches = {
  logisticRegression: {},
  factorizationMachine: { embedding },
  clickMlp: deep,
  wideAndDeep: deep,
  deepFm: deep,
  pnn: { ...deep, products: choice(PRODUCTS) },
  dlrm: { ...deep, bottomDepth: int(1, 3) },
  xDeepFm: { ...deep, interactions: int(1, 3), maps: int(8, 128, { scale: 'log', step: 2 }) },
  autoInt: {
    embedding,
    layers: int(1, 4),
    heads: int(1, 4, { scale: 'log', step: 2 }),
    headWidth: int(4, 32, { scale: 'log', step: 2 }),
    residual: bool(),
  },
  can: {
    ...deep,
    feed: int(4, 16, { scale: 'log', step: 2 }),
    coActionDepth: int(1, 3),
    coActionWidth: int(2, 8, { scale: 'log', step: 2 }),
    orders: int(1, 3),
  },
  dcn: crosses,
  dcnV2: { ...crosses, rank: choice({ full: {}, low: { rank } }) },
  dcnMix: { ...crosses, experts: int(1, 8, { scale: 'log', step: 2 }), rank },
}

/** A choice among all click models, each with its own hyperparameters. `clickModel` takes what a trial gets of it. */
export function clickModelSpace() {
  return choice(clickModelBranches)
}
