import { createRandom } from '../../../numerics/random.ts'
import { drawTargets, type Generated, type GeneratorOptions } from './generated.ts'

export interface BlenderTruth {
  /** The label of features, without noise. */
  target(features: ArrayLike<number>): number
}

/**
 * Who clicks on an advertisement for a blender: the example of TensorFlow Recommenders' tutorial on deep and cross networks.
 * x1 in {0 … 199} / 200 is a country, x2 in {0 … 23} / 24 bananas bought, x3 in {0 … 5} / 6 cookbooks bought, and
 *   y = 0.1 x1 + 0.4 x2 + 0.7 x3 + 0.1 x1 x2 + 3.1 x2 x3 + 0.1 x3^2
 * exactly, which one cross layer can express.
 * @param options by default 100,000 rows, as there
 */
export function blender({ rows = 100_000, seed = 0 }: Partial<GeneratorOptions> = {}): Generated<BlenderTruth> {
  const random = createRandom(seed, 0, 'blender')
  const dataset = drawTargets(rows, 3, (features) => {
    features.set([random.int(200) / 200, random.int(24) / 24, random.int(6) / 6])
    return target(features)
  })
  return { dataset, truth: { target } }
}

function target({ 0: x1 = 0, 1: x2 = 0, 2: x3 = 0 }: ArrayLike<number>): number {
  return 0.1 * x1 + 0.4 * x2 + 0.7 * x3 + 0.1 * x1 * x2 + 3.1 * x2 * x3 + 0.1 * x3 * x3
}
