import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../../errors.ts'
import type { Random } from '../../../numerics/random.ts'
import type { Tf } from '../../../study/engine.ts'
import { affineOf } from './affine.ts'
import { type ChangeLimits, drawChange } from './draw-change.ts'
import { type Outside, warpImages } from './warp-images.ts'

export interface Augmentation extends ChangeLimits {
  /** What is seen where an image ends. Default zeros. */
  readonly outside?: Outside
}

/**
 * Images as they might have been taken as well: mirrored, rotated, zoomed and shifted by a change drawn for each, in one
 * resampling. For training data, and for labels that stay true under such changes: a mirrored 2 is none.
 * @param images float32 [rows, height, width, channels]
 * @throws DynotuneError `data.invalid`
 */
export function augmentImages(tf: Tf, images: Tensor, augmentation: Augmentation, random: Random): Tensor {
  const { rotation = 0, zoom = 0, shift = 0, outside = 'zeros' } = augmentation
  const [rows = 0, height = 0, width = 0] = images.shape
  if (images.rank !== 4) throw invalid('images', images.shape, 'Images are a tensor [rows, height, width, channels].')
  if (!(zoom >= 0 && zoom < 1)) throw invalid('zoom', zoom, 'A zoom is a share of the size, from 0 to below 1.')
  for (const [path, value] of Object.entries({ rotation, shift })) {
    if (!Number.isFinite(value)) throw invalid(path, value, `The largest ${path} is a finite number.`)
  }
  const draw = () => affineOf(drawChange(augmentation, height, width, random), height, width)
  return warpImages(tf, images, Array.from({ length: rows }, draw), outside)
}

function invalid(path: string, value: unknown, message: string): DynotuneError {
  return new DynotuneError('data.invalid', message, { path: `augmentation.${path}`, value })
}
