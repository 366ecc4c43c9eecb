import { expect, onTestFinished, test, vi } from 'vitest'
import { describeEngines } from '../../src/engine/describe.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { tensorflowEngine } from '../../src/engine/tensorflow/tensorflow.ts'
import type { EngineName } from '../../src/study/engine.ts'

const nothing = { find: () => undefined, load: () => Promise.reject(new Error('nothing to load')) }

test('an unknown name is an error that lists the names', async () => {
  const name: EngineName = JSON.parse('"cuda"')
  await expect(createEngine(name)).rejects.toMatchObject({
    code: 'engine.unknown',
    path: 'engine',
    value: 'cuda',
    remedy: expect.stringContaining('auto, tensorflow, webgpu, wasm, cpu'),
  })
})

test('tensorflow that is not installed is missing, with the command that installs it', async () => {
  await expect(tensorflowEngine(nothing)).rejects.toMatchObject({
    code: 'engine.missing',
    path: 'engine',
    remedy: expect.stringContaining('npm install @tensorflow/tfjs-node-gpu'),
  })
})

test('tensorflow without its native part is broken, with the command that builds it and the cause', async () => {
  const cause = new Error('The Node.js native addon module (tfjs_binding.node) can not be found')
  const packages = {
    find: (name: string) => (name.endsWith('gpu') ? '/gpu.js' : undefined),
    load: () => Promise.reject(cause),
  }
  await expect(tensorflowEngine(packages)).rejects.toMatchObject({
    code: 'engine.broken',
    path: 'engine',
    remedy: expect.stringContaining('npm rebuild @tensorflow/tfjs-node-gpu'),
    cause,
  })
})

test('a package that is something else than tensorflow is broken', async () => {
  const packages = { find: () => '/x.js', load: async () => ({ tensor: 1 }) }
  await expect(tensorflowEngine(packages)).rejects.toMatchObject({ code: 'engine.broken' })
})

test('tfjs-node is taken where tfjs-node-gpu does not load', async () => {
  const tf = await (await createEngine('cpu')).load()
  const loaded: string[] = []
  const engine = await tensorflowEngine({
    find: (name) => name,
    async load(path) {
      loaded.push(path)
      if (path.endsWith('gpu')) throw new Error('no CUDA')
      return tf
    },
  })
  expect(loaded).toEqual(['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'])
  expect(engine.name).toBe('tensorflow')
})

test('functions that tfjs-node needs and Node warns about or dropped are there before it loads', async () => {
  let seen: unknown[] = []
  const packages = {
    find: () => '/x.js',
    load: async () => {
      const util: object = await import('node:util').then(({ default: module }) => module)
      seen = [Reflect.get(util, 'isNullOrUndefined')?.(null), Reflect.get(util, 'isArray')]
    },
  }
  await expect(tensorflowEngine(packages)).rejects.toMatchObject({ code: 'engine.broken' })
  expect(seen).toEqual([true, Array.isArray])
})

test('every engine is described; auto is the best of those found', async () => {
  const descriptions = await describeEngines()
  expect(descriptions.map(({ name }) => name)).toEqual(['tensorflow', 'webgpu', 'wasm', 'cpu'])
  for (const { name, status, device, version, detail } of descriptions) {
    if (name === 'wasm' || name === 'cpu') expect(status).toBe('found')
    if (status === 'found')
      expect([device, version]).toEqual([expect.stringMatching(/./), expect.stringMatching(/^\d/)])
    else expect(detail).toMatch(/Remedy: /)
  }
  expect((await createEngine('auto')).name).toBe(descriptions[0]?.status === 'found' ? 'tensorflow' : 'wasm')
})

test('loading twice gives the same operations, and makes the engine the current one again', async () => {
  const [cpu, wasm] = [await createEngine('cpu'), await createEngine('wasm')]
  const tf = await cpu.load()
  expect(tf.getBackend()).toBe('cpu')
  await wasm.load()
  expect(tf.getBackend()).toBe('wasm')
  expect(await cpu.load()).toBe(tf)
  expect(tf.getBackend()).toBe('cpu')
})

test.each(['cpu', 'wasm'] as const)('%s has gradients, methods of tensors, memory and a quiet start', async (name) => {
  const warn = vi.spyOn(console, 'warn')
  onTestFinished(() => warn.mockRestore())
  const engine = await createEngine(name)
  expect(engine.memory()).toEqual({ tensors: 0, bytes: 0 })
  const tf = await engine.load()
  const before = engine.memory()
  const x = tf.tensor1d([1, 2, 3])
  expect(engine.memory()).toEqual({ tensors: before.tensors + 1, bytes: before.bytes + 12 })
  const slope = tf.grad((y) => y.square().sum())(x)
  expect([...(await slope.data())]).toEqual([2, 4, 6])
  tf.dispose([x, slope])
  await engine.synchronize()
  expect(engine.memory()).toEqual(before)
  expect(warn).not.toHaveBeenCalled()
})

test('wasm leaves the handling of uncaught errors to the program', async () => {
  const count = () => ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event))
  const before = count()
  await (await createEngine('wasm')).load()
  expect(count()).toEqual(before)
})
