import { expect, test } from 'vitest'
import { watchKernels } from '../../../bench/engines/kernels.ts'
import { createEngine } from '../../../src/engine/engine.ts'

test('kernels are counted by name, and the time of one that another calls is not counted twice', async () => {
  const tf = await (await createEngine('cpu')).load()
  const spin = (ms: number) => {
    const until = performance.now() + ms
    while (performance.now() < until);
  }
  const dummy = { dataId: {}, shape: [], dtype: 'float32' as const }
  tf.registerKernel({
    kernelName: 'Inner',
    backendName: 'cpu',
    kernelFunc() {
      spin(20)
      return dummy
    },
  })
  tf.registerKernel({
    kernelName: 'Outer',
    backendName: 'cpu',
    kernelFunc(args) {
      spin(5)
      tf.getKernel('Inner', 'cpu').kernelFunc(args)
      return tf.getKernel('Inner', 'cpu').kernelFunc(args)
    },
  })
  const read = watchKernels(tf)
  const began = performance.now()
  tf.getKernel('Outer', 'cpu').kernelFunc({ inputs: {}, backend: tf.backend() })
  const elapsed = performance.now() - began
  const times = read()
  expect(times.map(({ name, calls }) => [name, calls]).sort()).toEqual([
    ['Inner', 2],
    ['Outer', 1],
  ])
  const sum = times.reduce((total, { ms }) => total + ms, 0)
  expect(sum).toBeGreaterThan(45)
  expect(sum).toBeLessThanOrEqual(elapsed)
})
