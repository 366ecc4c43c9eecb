import { crossFull } from '../../layers/cross-full.ts'
import { crossLowRank } from '../../layers/cross-low-rank.ts'
import type { Model } from '../model.ts'
import { type CrossNetworkConfig, crossNetwork } from './cross-network.ts'
import type { ClickData } from './data.ts'
import { validate } from './validate.ts'

export interface DcnV2Config extends CrossNetworkConfig {
  /** Of the cross layers' matrices; `full` leaves them whole. */
  readonly rank: number | 'full'
}

/**
 * Deep & Cross Network V2: cross layers with a matrix of weights, whole or of low rank. Wang et al., WWW 2021.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function dcnV2(config: DcnV2Config, data: ClickData): Model {
  const { rank } = config
  if (rank === 'full') return crossNetwork('dcnV2', crossFull, config, data)
  validate('dcnV2', { rank }, data)
  return crossNetwork('dcnV2', crossLowRank(rank), config, data)
}
