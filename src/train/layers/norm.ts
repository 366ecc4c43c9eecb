import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { batchNorm, batchNormParameters } from './batch-norm.ts'
import { layerNorm, layerNormParameters } from './layer-norm.ts'

/** How activations are normalized, as a branch of a space says it. `size`: rows of a ghost batch. */
export type Norm = { readonly kind: 'none' | 'batch' | 'layer' } | { readonly kind: 'ghost'; readonly size: number }

/** Whether the norm takes out what is added to all rows alike, so that a bias before it does nothing. */
export function isCentered({ kind }: Norm): boolean {
  return kind === 'batch' || kind === 'ghost'
}

export function normParameters(name: string, units: number, { kind }: Norm): Parameter[] {
  if (kind === 'none') return []
  return kind === 'layer' ? layerNormParameters(name, units) : batchNormParameters(name, units)
}

/** Normalizes [rows, ..., units]. */
export function norm(forward: Forward, name: string, x: Tensor, how: Norm): Tensor {
  switch (how.kind) {
    case 'none':
      return x
    case 'layer':
      return layerNorm(forward, name, x)
    case 'batch':
      return batchNorm(forward, name, x)
    case 'ghost':
      return batchNorm(forward, name, x, { ghost: how.size })
  }
}
