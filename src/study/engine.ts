import type * as tfjs from '@tensorflow/tfjs-core'
// Declares the methods of tensors, `x.add(y)`, which engines register when they load.
import type {} from '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'

/** The namespace of TensorFlow.js operations. Passed around rather than imported, so that only trainers load it. */
export type Tf = typeof tfjs

export const ENGINE_NAMES = ['auto', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const
export type EngineName = (typeof ENGINE_NAMES)[number]

export function isEngineName(value: unknown): value is EngineName {
  return ENGINE_NAMES.some((name) => name === value)
}

export interface EngineOptions {
  /** Which of the machine's GPUs, counted from 0 in the driver's order. Default: the first. Engines without GPU ignore it. */
  readonly device?: number
}

/** What computes: a TensorFlow.js back end, loaded on first use. */
export interface Engine {
  /** Never `auto`: the engine that was chosen. */
  readonly name: Exclude<EngineName, 'auto'>
  /** The device it computes on, in words. */
  readonly device: string
  /** The library under TensorFlow.js with its version, where there is one: `TensorFlow 2.21.0`. */
  readonly library?: string
  /** What kind of device that is: a `software` one is a GPU that the processor imitates. */
  readonly deviceKind: 'gpu' | 'processor' | 'software'
  /** Loads the back end if need be and returns the operations. */
  load(): Promise<Tf>
  /** Tensors alive, and the bytes they hold. */
  memory(): { readonly tensors: number; readonly bytes: number }
  /** Waits for the device to finish what was asked of it. */
  synchronize(): Promise<void>
}
