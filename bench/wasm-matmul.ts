/*
 * What mending the matrix product is worth in training on wasm: forward and backward of a dense network, with the kernel
 * as the back end ships it and as the engine replaces it, turn by turn in one run.
 *
 *   node bench/wasm-matmul.ts
 */
import { cpus } from 'node:os'
import '@tensorflow/tfjs-backend-wasm'
import { getKernel } from '@tensorflow/tfjs-core'
import { formatTable } from '../src/cli/format.ts'
import { createEngine } from '../src/engine/engine.ts'
import { createRandom } from '../src/numerics/random.ts'
import { mlp, softmaxCrossEntropy, toTensors } from '../src/train/index.ts'

const WIDTHS = { inputs: 784, hidden: [512, 512], classes: 10 }
const BATCHES = [32, 128, 1024]
const ROUNDS = 5

// Registered by the import, replaced when the engine loads.
const stock = getKernel('BatchMatMul', 'wasm')
const tf = await (await createEngine('wasm')).load()
const mended = getKernel('BatchMatMul', 'wasm')
const model = mlp(WIDTHS)
const params = toTensors(tf, model.init(createRandom(0, 0, 'weights')))
// A product forward and two backward for each layer, but none for the gradient of the inputs, which nobody asks for.
const multiplications = 3 * (784 * 512 + 512 * 512 + 512 * 10) - 784 * 512

console.log(
  `${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}; MLP 784-512-512-10, GFLOP/s\n`,
)
const rows = BATCHES.map((batch) => {
  const rates: { stock: number[]; mended: number[] } = { stock: [], mended: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of ['stock', 'mended'] as const) {
      use(name === 'stock' ? stock : mended)
      rates[name].push((2 * multiplications * batch) / secondsOfStep(batch) / 1e9)
    }
  }
  const [before, after] = [median(rates.stock), median(rates.mended)]
  return [String(batch), before.toFixed(1), after.toFixed(1), (after / before).toFixed(1)]
})
console.log(formatTable(['batch', 'as shipped', 'mended', 'ratio'], rows))

/** The median of a few steps, forward and backward, with the gradients read. */
function secondsOfStep(batch: number): number {
  const times = Array.from({ length: batch > 500 ? 2 : 5 }, () => {
    const began = performance.now()
    tf.tidy(() => {
      const inputs = tf.tensor2d(new Float32Array(batch * WIDTHS.inputs).fill(1), [batch, WIDTHS.inputs])
      const labels = tf.tensor1d(new Int32Array(batch), 'int32')
      const { grads } = tf.valueAndGrads((...weights) =>
        softmaxCrossEntropy(tf, model.apply(tf, weights, inputs), labels),
      )(params)
      for (const grad of grads) grad.dataSync()
    })
    return (performance.now() - began) / 1000
  })
  return median(times)
}

function use(kernel: typeof mended): void {
  tf.unregisterKernel('BatchMatMul', 'wasm')
  tf.registerKernel(kernel)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
