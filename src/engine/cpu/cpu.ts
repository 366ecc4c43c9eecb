import type { Engine } from '../../study/engine.ts'
import { mendAveragePooling } from '../average-pooling.ts'
import { mendBroadcastProducts } from '../broadcast-products.ts'
import { registerEinsum } from '../einsum.ts'
import { loadOperations } from '../operations.ts'
import { processor } from '../processor.ts'
import { tfjsEngine } from '../tfjs-engine.ts'

/** Plain JavaScript: slow, runs anywhere, the reference that the others are compared with. */
export function cpuEngine(): Engine {
  return tfjsEngine({
    name: 'cpu',
    backend: 'cpu',
    device: () => `${processor()}, plain JavaScript`,
    deviceKind: () => 'processor',
    async open() {
      const tf = await loadOperations()
      await import('@tensorflow/tfjs-backend-cpu')
      return tf
    },
    started(tf) {
      registerEinsum(tf, 'cpu')
      // On its first tensor it would print an advertisement for tfjs-node.
      Reflect.set(tf.backend(), 'firstUse', false)
      mendAveragePooling(tf, 'cpu')
      mendBroadcastProducts(tf, 'cpu')
    },
  })
}
