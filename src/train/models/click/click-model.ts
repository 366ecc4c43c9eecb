import type { Params } from '../../../space/params.ts'
import type { clickModelSpace } from '../../spaces/click-model-space.ts'
import type { Model } from '../model.ts'
import { autoInt } from './auto-int.ts'
import { can } from './can.ts'
import { clickMlp } from './click-mlp.ts'
import type { ClickData } from './data.ts'
import { dcn } from './dcn.ts'
import { dcnMix } from './dcn-mix.ts'
import { dcnV2 } from './dcn-v2.ts'
import { deepFm } from './deep-fm.ts'
import { dlrm } from './dlrm.ts'
import { factorizationMachine } from './factorization-machine.ts'
import { logisticRegression } from './logistic-regression.ts'
import { pnn } from './pnn.ts'
import { wideAndDeep } from './wide-and-deep.ts'
import { xDeepFm } from './x-deep-fm.ts'

/** What a trial gets of `clickModelSpace`, or of a choice among some of its branches. */
export type ClickModelParams = Params<{ model: ReturnType<typeof clickModelSpace> }>['model']

/**
 * The click model that a trial's parameters describe.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function clickModel(params: ClickModelParams, data: ClickData): Model {
  switch (params.kind) {
    case 'logisticRegression':
      return logisticRegression(data)
    case 'factorizationMachine':
      return factorizationMachine(params, data)
    case 'clickMlp':
      return clickMlp(withHidden(params), data)
    case 'wideAndDeep':
      return wideAndDeep(withHidden(params), data)
    case 'deepFm':
      return deepFm(withHidden(params), data)
    case 'pnn':
      return pnn(withHidden(params), data)
    case 'dlrm': {
      const bottom = repeat(params.width, params.bottomDepth)
      return dlrm({ ...params, bottom, top: repeat(params.width, params.depth) }, data)
    }
    case 'xDeepFm':
      return xDeepFm({ ...withHidden(params), maps: repeat(params.maps, params.interactions) }, data)
    case 'autoInt':
      return autoInt(params, data)
    case 'can':
      return can({ ...withHidden(params), units: repeat(params.coActionWidth, params.coActionDepth) }, data)
    case 'dcn':
      return dcn(withHidden(params), data)
    case 'dcnV2':
      return dcnV2({ ...withHidden(params), rank: params.rank.kind === 'low' ? params.rank.rank : 'full' }, data)
    case 'dcnMix':
      return dcnMix(withHidden(params), data)
  }
}

function withHidden<P extends { readonly depth: number; readonly width: number }>(params: P) {
  return { ...params, hidden: repeat(params.width, params.depth) }
}

function repeat(width: number, times: number): number[] {
  return Array.from({ length: times }, () => width)
}
