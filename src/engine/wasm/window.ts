import type { backend_util, NamedAttrMap } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { numbersOf } from './attributes.ts'

/** A window that slides over images, by the names that tfjs gives to its sizes. */
export type Window = backend_util.Conv2DInfo

type Arguments = Parameters<typeof backend_util.computeConv2DInfo>
type Four = Arguments[0]

/**
 * The window of a convolution of images [batch, height, width, channels].
 * @param filter [height, width, channels, outputs]; outputs of each channel where `depthwise`
 */
export function convolutionWindow(
  tf: Tf,
  images: readonly number[],
  filter: readonly number[],
  attrs: NamedAttrMap | undefined,
  depthwise = false,
): Window {
  const { pad, rounding } = common(attrs)
  const strides = pair(numbersOf(attrs, 'strides'))
  const dilations = attrs?.dilations === undefined ? 1 : pair(numbersOf(attrs, 'dilations'))
  const window = [four(images), four(filter), strides, dilations, pad, rounding, depthwise] as const
  return tf.backend_util.computeConv2DInfo(...window)
}

/** The window of a pooling of images [batch, height, width, channels]. */
export function poolingWindow(tf: Tf, images: readonly number[], attrs: NamedAttrMap | undefined): Window {
  const { pad, rounding } = common(attrs)
  const [size, strides] = [pair(numbersOf(attrs, 'filterSize')), pair(numbersOf(attrs, 'strides'))]
  return tf.backend_util.computePool2DInfo(four(images), size, strides, 1, pad, rounding)
}

/** What a window is to the functions of the module that slide one, in the order in which `WINDOW` names it. */
export function windowArguments(w: Window): number[] {
  const sizes = [w.outHeight, w.outWidth, w.inHeight, w.inWidth, w.filterHeight, w.filterWidth]
  const steps = [w.strideHeight, w.strideWidth, w.dilationHeight, w.dilationWidth]
  return [...sizes, w.padInfo.top, w.padInfo.left, ...steps]
}

/** Parameters of functions in the text format. */
export const WINDOW = [
  ...['outHeight', 'outWidth', 'inHeight', 'inWidth', 'filterHeight', 'filterWidth'],
  ...['top', 'left', 'strideHeight', 'strideWidth', 'dilationHeight', 'dilationWidth'],
] as const

function common(attrs: NamedAttrMap | undefined) {
  const pad = attrs?.pad
  const mode = attrs?.dimRoundingMode
  if (!isPadding(pad)) throw unexpected('pad', pad)
  return { pad, rounding: isRounding(mode) ? mode : undefined }
}

function isPadding(value: unknown): value is Arguments[4] {
  return value === 'same' || value === 'valid' || typeof value === 'number' || Array.isArray(value)
}

function isRounding(value: unknown): value is 'floor' | 'round' | 'ceil' {
  return value === 'floor' || value === 'round' || value === 'ceil'
}

function four([a, b, c, d]: readonly number[]): Four {
  if (a !== undefined && b !== undefined && c !== undefined && d !== undefined) return [a, b, c, d]
  throw unexpected('shape', [a, b, c, d])
}

function pair([height, width = height]: readonly number[]): [number, number] {
  if (height !== undefined && width !== undefined) return [height, width]
  throw unexpected('strides', [height, width])
}

function unexpected(name: string, value: unknown): DynotuneError {
  return new DynotuneError('internal', `A kernel that slides a window was called with an unknown ${name}.`, { value })
}
