import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/** Batch, height, width, channels; or height, width and channels of a filter. */
export type Shape = [number, number, number, number]

/** The four sizes of an image or a filter. */
export function shapeOf(value: unknown): Shape {
  const sizes: unknown[] = Array.isArray(value) ? value : []
  const [a, b, c, d] = sizes.map(Number)
  if (a === undefined || b === undefined || c === undefined || d === undefined || sizes.length > 4)
    throw new DynotuneError('internal', 'A kernel for images was called with something else.', { value })
  return [a, b, c, d]
}

/** How far windows reach over the edges of an image: before it and behind it, along height and along width. */
export type Margins = readonly [height: Margin, width: Margin]
type Margin = readonly [before: number, behind: number]

/** What TensorFlow.js says of a convolution or pooling. */
interface Geometry {
  readonly inHeight: number
  readonly inWidth: number
  readonly outHeight: number
  readonly outWidth: number
  readonly strideHeight: number
  readonly strideWidth: number
  readonly effectiveFilterHeight: number
  readonly effectiveFilterWidth: number
  readonly padInfo: { readonly top: number; readonly left: number }
}

/** Exactly as far as the last window reaches, however its place was rounded. */
export function marginsOf(geometry: Geometry): Margins {
  const { inHeight, outHeight, strideHeight, effectiveFilterHeight } = geometry
  const { inWidth, outWidth, strideWidth, effectiveFilterWidth } = geometry
  const { top, left } = geometry.padInfo
  const margin = (before: number, reach: number, length: number): Margin => [
    before,
    Math.max(0, reach - length - before),
  ]
  return [
    margin(top, (outHeight - 1) * strideHeight + effectiveFilterHeight, inHeight),
    margin(left, (outWidth - 1) * strideWidth + effectiveFilterWidth, inWidth),
  ]
}

/** A shape [batch, height, width, channels] with margins. */
export function wideShape(shape: readonly number[], [height, width]: Margins): Shape {
  const [batch = 0, rows = 0, columns = 0, channels = 0] = shape
  return [batch, rows + height[0] + height[1], columns + width[0] + width[1], channels]
}

/** An image with margins full of a value. */
export function widen<T extends Tensor>(tf: Tf, image: T, [height, width]: Margins, value: number): T {
  return tf.pad(image, [[0, 0], [...height], [...width], [0, 0]], value)
}

/** The image of `shape` inside margins. */
export function narrow(tf: Tf, image: Tensor, [height, width]: Margins, shape: readonly number[]): Tensor {
  return tf.slice(image, [0, height[0], width[0], 0], [...shape])
}
