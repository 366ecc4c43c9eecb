import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../study/engine.ts'
import type { Affine } from './affine.ts'

/** What is seen where an image ends: zeros, or its outermost pixels. */
export type Outside = 'zeros' | 'edge'

/**
 * Images resampled along affine maps, one map an image, with bilinear interpolation. The four pixels that a pixel lies
 * between, and how much each counts, are worked out here, which is quicker than the forty operations it would take on the
 * device; `tf.image.transform` is not there with TensorFlow. The images stay on the device.
 * @param images float32 [rows, height, width, channels]
 */
export function warpImages(tf: Tf, images: Tensor, maps: readonly Affine[], outside: Outside): Tensor {
  const [rows = 0, height = 0, width = 0, channels = 0] = images.shape
  const pixels = rows * height * width
  const { places, weights } = taps(maps, height, width, outside)
  return tf.tidy(() => {
    const taken = tf.gather(tf.reshape(images, [pixels, channels]), tf.tensor1d(places, 'int32'))
    const weighted = tf.mul(tf.reshape(taken, [4, pixels, channels]), tf.tensor3d(weights, [4, pixels, 1]))
    return tf.reshape(tf.sum(weighted, 0), images.shape)
  })
}

/** [4, rows height width]: of the pixels of all images, which ones make up each, and their weights. */
function taps(maps: readonly Affine[], height: number, width: number, outside: Outside) {
  const size = height * width
  const places = new Int32Array(4 * maps.length * size)
  const weights = new Float32Array(places.length)

  function put(at: number, first: number, x: number, y: number, weight: number): void {
    const column = Math.min(width - 1, Math.max(0, x))
    const line = Math.min(height - 1, Math.max(0, y))
    places[at] = first + line * width + column
    weights[at] = outside === 'edge' || (column === x && line === y) ? weight : 0
  }

  maps.forEach(({ xx, xy, x0, yx, yy, y0 }, row) => {
    const first = row * size
    for (let i = 0; i < size; i++) {
      const [column, line] = [i % width, Math.floor(i / width)]
      const x = xx * column + xy * line + x0
      const y = yx * column + yy * line + y0
      const [left, top] = [Math.floor(x), Math.floor(y)]
      const [right, down] = [x - left, y - top]
      const step = maps.length * size
      put(first + i, first, left, top, (1 - right) * (1 - down))
      put(first + i + step, first, left + 1, top, right * (1 - down))
      put(first + i + 2 * step, first, left, top + 1, (1 - right) * down)
      put(first + i + 3 * step, first, left + 1, top + 1, right * down)
    }
  })
  return { places, weights }
}
