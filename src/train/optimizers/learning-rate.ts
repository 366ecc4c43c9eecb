import { mul } from '../../engine/fusion/expression.ts'
import type { Transformation } from './transformation.ts'

/** Learning rate at a step; steps count from 0. */
export type Schedule = (step: number) => number

/** The downhill turn that ends an optimizer: u = -lr g, with `lr` constant or by schedule. */
export function scaleByLearningRate(learningRate: number | Schedule): Transformation<{ step: number }> {
  return {
    init: () => ({ step: 0 }),
    update(gradients, { step }) {
      const rate = typeof learningRate === 'number' ? learningRate : learningRate(step)
      return { updates: gradients.map((g) => mul(g, -rate)), state: { step: step + 1 } }
    },
  }
}
