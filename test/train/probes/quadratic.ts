import type { Dataset, Model, Task } from '../../../src/train/index.ts'

/** ½ Σ hᵢ θᵢ², whatever the data, as a model whose outputs are its losses; θ begins at 1. */
export function quadratic(curvatures: readonly number[]): Model {
  const shape = [curvatures.length]
  return {
    parameters: [{ name: 'theta', role: 'kernel', shape, init: () => new Float32Array(curvatures.length).fill(1) }],
    apply({ tf, parameter }, { features }) {
      const loss = tf.mul(tf.sum(tf.mul(tf.square(parameter('theta')), tf.tensor1d([...curvatures]))), 0.5)
      return tf.mul(tf.onesLike(features ?? tf.zeros([1, 1])), loss)
    },
  }
}

/** Outputs are losses. */
export const identity: Task = {
  metric: 'loss',
  goal: 'minimize',
  loss: (tf, outputs) => tf.mean(outputs).asScalar(),
  measure: (_tf, outputs) => outputs,
  metrics: (measures, rows) => ({ loss: measures.reduce((sum, each) => sum + each, 0) / rows }),
}

export function rowsOf(values: readonly number[]): Dataset {
  return {
    rows: values.length,
    inputs: { features: { values: Float32Array.from(values), shape: [1] } },
    labels: { values: new Float32Array(values.length), shape: [] },
  }
}
