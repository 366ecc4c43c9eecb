import { DynotuneError } from '../../../errors.ts'
import { createRandom } from '../../../numerics/random.ts'
import { drawTargets, type Generated, type GeneratorOptions } from './generated.ts'

export interface FeatureProductsOptions extends GeneratorOptions {
  readonly width: number
  /** How many features are in each product, at most `width`. */
  readonly order: number
  /** How many products. Default `width`. */
  readonly terms?: number
  /** Standard deviation of what is added to the targets, whose own is 1. Default 0. */
  readonly noise?: number
}

export interface FeatureProductsTruth {
  readonly terms: readonly { readonly coefficient: number; readonly features: readonly number[] }[]
  readonly noise: number
}

/**
 * y = sum over terms of c times the product of `order` different features, plus noise, with x uniform in [-1, 1].
 * Products of different features are orthogonal: each has variance 3^-order, the coefficients are scaled so that y has
 * variance 1, and a model of fewer features at a time explains nothing of it.
 * @throws DynotuneError `data.invalid` when there are not that many different products
 */
export function featureProducts(options: FeatureProductsOptions): Generated<FeatureProductsTruth> {
  const { rows, seed = 0, width, order, terms = width, noise = 0 } = options
  const random = createRandom(seed, 0, 'feature-products')
  if (!(Number.isInteger(order) && order >= 1 && terms >= 1 && terms <= combinations(width, order))) {
    throw new DynotuneError('data.invalid', `There are not ${terms} products of ${order} of ${width} features.`, {
      path: 'terms',
      value: terms,
      remedy: 'take more features, or fewer terms',
    })
  }
  const products = new Map<string, number[]>()
  while (products.size < terms) {
    const features = random
      .permutation(width)
      .slice(0, order)
      .sort((a, b) => a - b)
    products.set(features.join(), features)
  }
  const drawn = Array.from(products.values(), (features) => ({ features, coefficient: random.normal() }))
  const scale = Math.sqrt(3 ** order / drawn.reduce((sum, { coefficient }) => sum + coefficient ** 2, 0))
  const truth = drawn.map(({ features, coefficient }) => ({ features, coefficient: coefficient * scale }))
  const dataset = drawTargets(rows, width, (x) => {
    for (let i = 0; i < width; i++) x[i] = 2 * random.next() - 1
    const product = (features: readonly number[]) => features.reduce((y, i) => y * (x[i] ?? 0), 1)
    const y = truth.reduce((sum, { coefficient, features }) => sum + coefficient * product(features), 0)
    return y + noise * random.normal()
  })
  return { dataset, truth: { terms: truth, noise } }
}

function combinations(n: number, k: number): number {
  return k > n ? 0 : Array.from({ length: k }, (_, i) => (n - i) / (i + 1)).reduce((product, each) => product * each, 1)
}
