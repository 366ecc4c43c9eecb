import { expect, test } from 'vitest'
import { createEngine } from '../../../../src/engine/engine.ts'
import { createRandom } from '../../../../src/numerics/random.ts'
import { augmentImages } from '../../../../src/train/data/images/augment-images.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { augmentationConformance } from './conformance.ts'

await augmentationConformance('cpu')
await augmentationConformance('wasm')
await augmentationConformance('tensorflow')

test('an augmentation that cannot be is refused', async () => {
  const tf = await (await createEngine('cpu')).load()
  const random = createRandom(0, 0, 'augmentation')
  const images = tf.zeros([1, 2, 2, 1])
  for (const [path, augmentation] of [
    ['zoom', { zoom: 1 }],
    ['zoom', { zoom: -0.1 }],
    ['rotation', { rotation: Number.NaN }],
    ['shift', { shift: Number.POSITIVE_INFINITY }],
  ] as const) {
    expect(thrownBy(() => augmentImages(tf, images, augmentation, random))).toMatchObject({
      code: 'data.invalid',
      path: `augmentation.${path}`,
    })
  }
  expect(thrownBy(() => augmentImages(tf, tf.zeros([4]), {}, random)).path).toBe('augmentation.images')
})
