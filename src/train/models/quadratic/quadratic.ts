import { onesInit } from '../../layers/initializers.ts'
import { featuresOf } from '../features.ts'
import type { Model } from '../model.ts'
import type { QuadraticProblem } from './problem.ts'

/**
 * The problem as a model that can be trained: `theta` [dimensions, 1] begins at one, and the output of each row is its loss,
 * ½ Σ hᵢ θᵢ² + Σ ξᵢ θᵢ, with ξ its `features` [rows, dimensions]; the task is `meanOutput`. The gradient is that of the problem
 * plus ξ: it has the noise of the problem where ξ has mean zero and variances cᵢ, as in `quadraticDataset`.
 */
export function quadratic({ curvatures }: QuadraticProblem): Model {
  const shape = [curvatures.length, 1]
  const halves = Float32Array.from(curvatures, (h) => h / 2)
  return {
    parameters: [{ name: 'theta', role: 'kernel', shape, init: () => onesInit(shape) }],
    apply({ tf, parameter }, inputs) {
      const theta = parameter('theta')
      const features = featuresOf(tf, inputs, [curvatures.length])
      const loss = tf.sum(tf.mul(tf.tensor(halves, shape), tf.square(theta)))
      return tf.add(tf.matMul(features, theta), loss)
    },
  }
}
