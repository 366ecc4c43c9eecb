import { crossVector } from '../../layers/cross-vector.ts'
import type { Model } from '../model.ts'
import { type CrossNetworkConfig, crossNetwork } from './cross-network.ts'
import type { ClickData } from './data.ts'

/**
 * Deep & Cross Network: cross layers with a vector of weights, in the paper beside the dense layers. Wang et al., ADKDD 2017.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function dcn(config: CrossNetworkConfig, data: ClickData): Model {
  return crossNetwork('dcn', crossVector, config, data)
}
