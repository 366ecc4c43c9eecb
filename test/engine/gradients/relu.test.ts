import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'

const INPUT = [-2, -0, 0, 3, 0.5]

test.each(['cpu', 'wasm'] as const)(
  'on %s the gradient of ReLU is that of its slope, and so are higher ones',
  async (name) => {
    const tf = await (await createEngine(name)).load()
    const x = tf.tensor1d(INPUT)
    const before = tf.memory().numTensors
    // f = Σ relu(x)³: f' = 3 relu(x)², f'' = 6 relu(x), both through the gradient of ReLU.
    const cubes = (y: ReturnType<Tf['tensor']>) => tf.sum(tf.pow(tf.relu(y), 3))
    const first = tf.grad(cubes)(x)
    const second = tf.grad((y) => tf.sum(tf.grad(cubes)(y)))(x)
    expect([...first.dataSync()]).toEqual([0, 0, 0, 27, 0.75])
    expect([...second.dataSync()]).toEqual([0, 0, 0, 18, 3])
    tf.dispose([first, second])
    expect(tf.memory().numTensors).toBe(before)
  },
)

test('it is one kernel on wasm', async () => {
  const tf = await (await createEngine('wasm')).load()
  const profile = await tf.profile(() => tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d(INPUT)))
  const names = profile.kernels.map(({ name }) => name)
  expect(names).toContain('Elementwise')
  expect(names).not.toContain('Step')
})
