import { cnn } from './cnn.ts'
import { dcn } from './dcn.ts'
import { lstm } from './lstm.ts'
import { mlp } from './mlp.ts'
import type { Model } from './model.ts'

export const MODEL_NAMES = ['mlp', 'cnn', 'dcn', 'lstm'] as const
export type ModelName = (typeof MODEL_NAMES)[number]

/** What the benchmark trains, with PyTorch's names for the same. */
export const MODELS: Readonly<Record<ModelName, Model>> = { mlp, cnn, dcn, lstm }

/** Floating point operations of one training step: backward counts twice forward, as for PyTorch. */
export function flopsOfStep(model: Model, batch: number): number {
  return 3 * model.flops * batch
}

export function isModelName(name: string): name is ModelName {
  return MODEL_NAMES.some((each) => each === name)
}
