import type { Tensor } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../../src/numerics/random.ts'
import type { Engine, Tf } from '../../../../src/study/engine.ts'
import { affineOf, type ImageChange } from '../../../../src/train/data/images/affine.ts'
import { type Augmentation, augmentImages } from '../../../../src/train/data/images/augment-images.ts'
import { type Outside, warpImages } from '../../../../src/train/data/images/warp-images.ts'
import { findEngine } from '../../../helpers/engines.ts'
import { upTo } from '../numbered.ts'

const UNCHANGED: ImageChange = { mirrored: false, rotation: 0, zoom: 1, down: 0, right: 0 }

/** Lines of pixels of two channels. */
type Pixels = number[][][]

function drawImage(height: number, width: number, seed = 0): Pixels {
  const random = createRandom(seed, 0, 'image')
  return upTo(height).map(() => upTo(width).map(() => [random.next(), random.next()].map(Math.fround)))
}

/** What augmentation must do on every engine. */
export async function augmentationConformance(name: Engine['name']): Promise<void> {
  const found = await findEngine(name)
  describe.skipIf(!found)(`images on ${name}`, () => {
    if (found) conformance(found)
  })
}

function conformance(engine: Engine): void {
  /** What becomes of images; nothing else may be left. */
  async function read(images: readonly Pixels[], work: (tf: Tf, images: Tensor) => Tensor): Promise<number[]> {
    const tf = await engine.load()
    const before = tf.memory().numTensors
    const input = tf.tensor4d([...images])
    const output = work(tf, input)
    expect(output.shape).toEqual(input.shape)
    const values = [...(await output.data())]
    tf.dispose([input, output])
    expect(tf.memory().numTensors).toBe(before)
    return values
  }

  /** One image changed, beside one that is not. */
  async function change(image: Pixels, part: Partial<ImageChange>, outside: Outside = 'zeros'): Promise<number[]> {
    const [height, width] = [image.length, image[0]?.length ?? 0]
    const other = drawImage(height, width, 1)
    const maps = [{ ...UNCHANGED, ...part }, UNCHANGED].map((each) => affineOf(each, height, width))
    const both = await read([image, other], (tf, images) => warpImages(tf, images, maps, outside))
    expect(both.slice(both.length / 2)).toEqual(other.flat(2))
    return both.slice(0, both.length / 2)
  }

  test('stay as they are, to the bit, where nothing is to be changed', async () => {
    const images = [drawImage(5, 7), drawImage(5, 7, 1)]
    const random = createRandom(0, 0, 'augmentation')
    expect(await read(images, (tf, tensor) => augmentImages(tf, tensor, {}, random))).toEqual(images.flat(3))
  })

  test('turned by a quarter are the image turned by a quarter, against the clock', async () => {
    const image = drawImage(6, 6)
    const turned = upTo(6).map((line) => upTo(6).map((column) => image[column]?.[5 - line] ?? []))
    expect(await change(image, { rotation: 90 })).toEqual(turned.flat(2))
    expect(await change(image, { rotation: 180 })).toEqual(
      image
        .map((line) => line.toReversed())
        .toReversed()
        .flat(2),
    )
  })

  test('mirrored are the image mirrored', async () => {
    const image = drawImage(4, 5)
    expect(await change(image, { mirrored: true })).toEqual(image.map((line) => line.toReversed()).flat(2))
  })

  test('shifted by whole pixels leave zeros behind, or the edge', async () => {
    const image = drawImage(4, 5)
    const at = (line: number, column: number) => image[line]?.[column] ?? [0, 0]
    const shifted = upTo(4).map((line) => upTo(5).map((column) => at(line - 1, column + 2)))
    expect(await change(image, { down: 1, right: -2 })).toEqual(shifted.flat(2))
    const edge = upTo(4).map((line) => upTo(5).map((column) => at(Math.max(0, line - 1), Math.min(4, column + 2))))
    expect(await change(image, { down: 1, right: -2 }, 'edge')).toEqual(edge.flat(2))
  })

  test('twice as large are interpolated between the pixels about the centre', async () => {
    const image = [
      [
        [0, 8],
        [4, 0],
      ],
      [
        [8, 0],
        [12, 4],
      ],
    ]
    const between = (x: number, y: number) => [4 * x + 8 * y, 8 * (1 - x) * (1 - y) + 4 * x * y]
    const expected = [0.25, 0.75].flatMap((y) => [0.25, 0.75].map((x) => between(x, y)))
    expect(await change(image, { zoom: 2 })).toEqual(expected.flat())
  })

  test.each(['zeros', 'edge'] as const)(
    'changed in all ways at once are what the definition gives, with %s',
    async (outside) => {
      const image = drawImage(7, 9)
      const part = { mirrored: true, rotation: 25, zoom: 0.8, down: 1.3, right: -0.6 }
      const map = affineOf({ ...UNCHANGED, ...part }, 7, 9)
      const actual = await change(image, part, outside)
      const clamp = (at: number, length: number) => (outside === 'edge' ? Math.min(length - 1, Math.max(0, at)) : at)
      const expected = upTo(7).flatMap((j) =>
        upTo(9).flatMap((i) => {
          const [x, y] = [map.xx * i + map.xy * j + map.x0, map.yx * i + map.yy * j + map.y0]
          const [left, top] = [Math.floor(x), Math.floor(y)]
          return [0, 1].map((channel) => {
            const at = (dy: number, dx: number) => image[clamp(top + dy, 7)]?.[clamp(left + dx, 9)]?.[channel] ?? 0
            const [u, v] = [x - left, y - top]
            return (1 - v) * ((1 - u) * at(0, 0) + u * at(0, 1)) + v * ((1 - u) * at(1, 0) + u * at(1, 1))
          })
        }),
      )
      expect(Math.max(...expected.map((value, i) => Math.abs(value - (actual[i] ?? Number.NaN))))).toBeLessThan(1e-5)
    },
  )

  test('are each drawn a change of their own, which follows from the stream', async () => {
    const images = [drawImage(8, 8), drawImage(8, 8)]
    const augmentation: Augmentation = { rotation: 20, zoom: 0.2, shift: 0.1, flip: true, outside: 'edge' }
    const draw = (trial: number) =>
      read(images, (tf, tensor) => augmentImages(tf, tensor, augmentation, createRandom(0, trial, 'augmentation')))
    const drawn = await draw(1)
    expect(drawn.slice(0, 128)).not.toEqual(drawn.slice(128))
    expect(await draw(1)).toEqual(drawn)
    expect(await draw(2)).not.toEqual(drawn)
  })
}
