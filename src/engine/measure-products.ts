import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import { measureRate } from './rate.ts'

/** Small enough for plain JavaScript, and large enough for a GPU to be busy. */
const SIZES = [512, 1024, 2048, 4096]
/** From here on, asking and waiting no longer count. */
const LONG_SECONDS = 0.02

export interface ProductRate {
  /** Rows and columns of both factors. */
  readonly size: number
  /** 1e9 floating-point operations a second, two for each multiplication and addition. */
  readonly gflops: number
}

/**
 * The rate of float32 matrix products on the current back end, for about a second, at the smallest size of 512, 1024, 2048
 * and 4096 at which one takes 20 ms: a fast device shows little of itself on small ones. Leaves no tensors.
 */
export async function measureProducts(tf: Tf): Promise<ProductRate> {
  for (const size of SIZES) {
    const rate = await atSize(tf, size, size === SIZES.at(-1) ? 0 : LONG_SECONDS)
    if (rate !== undefined) return { size, gflops: (2 * size ** 3 * rate) / 1e9 }
  }
  return { size: 0, gflops: 0 }
}

/** Products a second; undefined where one takes less than `least` seconds. */
async function atSize(tf: Tf, size: number, least: number): Promise<number | undefined> {
  const factor = tf.fill([size, size], 0.5)
  let product: Tensor = tf.scalar(0)
  const multiply = () => {
    product.dispose()
    product = tf.matMul(factor, factor)
  }
  // One element: reading all of them back would take longer than the product.
  const wait = async () => {
    const corner = tf.slice(product, [0, 0], [1, 1])
    await corner.data()
    corner.dispose()
  }
  try {
    multiply()
    await wait()
    const began = performance.now()
    multiply()
    await wait()
    const seconds = (performance.now() - began) / 1000
    if (seconds < least) return undefined
    return seconds > 1 ? 1 / seconds : await measureRate(multiply, wait)
  } finally {
    tf.dispose([factor, product])
  }
}
