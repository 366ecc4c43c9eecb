import { describe, expect, test } from 'vitest'
import {
  adagrad,
  adam,
  adamw,
  applyGradients,
  averageWeights,
  chain,
  disposeReplaced,
  ftrl,
  lookahead,
  nadam,
  sgd,
  startOptimizer,
  type Transformation,
} from '../../../src/train/index.ts'
import { findEngine } from '../../helpers/engines.ts'

const optimizers: Record<string, Transformation> = {
  sgd: sgd({ learningRate: 0.1 }),
  momentum: sgd({ learningRate: 0.1, momentum: 0.9 }),
  adam: adam({ learningRate: 0.1 }),
  adamw: adamw({ learningRate: 0.1, weightDecay: 0.1 }),
  nadam: nadam({ learningRate: 0.1 }),
  adagrad: adagrad({ learningRate: 0.1 }),
  ftrl: ftrl({ learningRate: 0.1, l1: 0.01 }),
  'lookahead over adam': lookahead(adam({ learningRate: 0.1 }), { period: 2 }),
  'averages of adam': chain(adam({ learningRate: 0.1 }), averageWeights(0.9)),
}

for (const name of ['cpu', 'wasm', 'tensorflow', 'webgpu'] as const) {
  const engine = await findEngine(name)
  describe.skipIf(!engine)(`what a step gives up, on ${name}`, () => {
    test.each(Object.entries(optimizers))('makes no difference: %s', async (_optimizer, optimizer) => {
      const tf = await engine?.load()
      if (!tf) return
      const walk = async (isSpent: boolean) => {
        const gradients = [tf.tensor([3, -1, 0.5, 2], [2, 2]), tf.tensor1d([1, 2])]
        let optimized = startOptimizer(tf, optimizer, [tf.tensor([1, 2, 3, 4], [2, 2]), tf.tensor1d([5, 6])])
        const clones = []
        for (let step = 0; step < 5; step++) {
          // Held over the second step, as by an evaluation.
          if (step === 1) clones.push(...optimized.params.map((tensor) => tensor.clone()))
          const next = applyGradients(tf, optimizer, optimized, gradients, { isSpent })
          disposeReplaced(optimized, next)
          optimized = next
        }
        const read = [...optimized.params, ...clones]
        const values = await Promise.all(read.map(async (tensor) => [...(await tensor.data())]))
        disposeReplaced(optimized)
        tf.dispose([gradients, clones])
        return values
      }
      await walk(true)
      const before = tf.memory()
      const kept = await walk(false)
      expect(await walk(true)).toEqual(kept)
      expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes })
    })
  })
}
