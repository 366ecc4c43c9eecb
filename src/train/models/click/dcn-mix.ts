import { crossMixture } from '../../layers/cross-mixture.ts'
import type { Model } from '../model.ts'
import { type CrossNetworkConfig, crossNetwork } from './cross-network.ts'
import type { ClickData } from './data.ts'
import { validate } from './validate.ts'

export interface DcnMixConfig extends CrossNetworkConfig {
  readonly experts: number
  /** Of each expert's matrices. */
  readonly rank: number
}

/**
 * DCN-Mix: DCN-V2 whose cross layers are mixtures of experts of low rank. Wang et al., WWW 2021.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function dcnMix(config: DcnMixConfig, data: ClickData): Model {
  const { experts, rank } = config
  validate('dcnMix', { experts, rank }, data)
  return crossNetwork('dcnMix', crossMixture(experts, rank), config, data)
}
