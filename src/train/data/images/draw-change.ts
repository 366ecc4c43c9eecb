import type { Random } from '../../../numerics/random.ts'
import type { ImageChange } from './affine.ts'

/** How far images are changed at most. By default they are not. */
export interface ChangeLimits {
  /** Degrees either way. */
  readonly rotation?: number
  /** Share of the size, in [0, 1): 0.1 is a factor from 0.9 to 1.1. */
  readonly zoom?: number
  /** Share of the height and of the width, either way. */
  readonly shift?: number
  /** Whether half of the images are mirrored, left to right. */
  readonly flip?: boolean
}

/**
 * A change within the limits, uniform in each of them.
 * @param random draws five numbers whatever the limits, so that one may be tuned and the others stay what they are
 */
export function drawChange(limits: ChangeLimits, height: number, width: number, random: Random): ImageChange {
  const { rotation = 0, zoom = 0, shift = 0, flip = false } = limits
  const upTo = (most: number) => most * (2 * random.next() - 1)
  return {
    mirrored: random.next() < 0.5 && flip,
    rotation: upTo(rotation),
    zoom: 1 + upTo(zoom),
    down: upTo(shift * height),
    right: upTo(shift * width),
  }
}
