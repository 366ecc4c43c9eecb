import { expect, onTestFinished, test, vi } from 'vitest'
import { createEngine, createEngines } from '../../src/engine/engine.ts'
import { DynotuneError } from '../../src/errors.ts'
import type { Engine, EngineName } from '../../src/study/engine.ts'

test('an unknown name is an error that lists the names', async () => {
  const name: EngineName = JSON.parse('"cuda"')
  await expect(createEngine(name)).rejects.toMatchObject({
    code: 'engine.unknown',
    path: 'engine',
    value: 'cuda',
    remedy: expect.stringContaining('auto, tensorflow, webgpu, wasm, cpu'),
  })
})

test('each engine of a process is made once, whatever asks for it', async () => {
  const made: string[] = []
  const make = (name: Engine['name']) => async () => {
    made.push(name)
    return createEngine('cpu')
  }
  const missing = async () => {
    throw new DynotuneError('engine.missing', 'It is not installed.')
  }
  const factories = { tensorflow: missing, webgpu: missing, wasm: make('wasm'), cpu: make('cpu') }
  const engines = createEngines({}, { factories, signs: () => 'some' })
  const first = await Promise.all([engines('auto'), engines('wasm'), engines('cpu'), engines('auto')])
  expect(made).toEqual(['wasm', 'cpu'])
  expect((await engines('wasm')).engine).toBe(first[0].engine)
  expect((await engines('auto')).engine).toBe(first[1].engine)
})

test('a trainer can go from engine to engine; each computes, and no tensor is left on any', async () => {
  const engines = createEngines()
  const before = (await (await engines('cpu')).engine.load()).memory()
  for (const name of ['wasm', 'cpu', 'wasm', 'auto', 'cpu'] as const) {
    const { engine } = await engines(name)
    const tf = await engine.load()
    expect(tf.getBackend()).toBe(engine.name)
    const x = tf.tensor2d([1, 2, 3, 4], [2, 2])
    const slopes = tf.grad((y) => tf.matMul(y, y, false, true).sum())(x)
    expect([...(await slopes.data())]).toEqual([8, 12, 8, 12])
    tf.dispose([x, slopes])
    const { numTensors, numBytes } = tf.memory()
    expect({ numTensors, numBytes }).toEqual({ numTensors: before.numTensors, numBytes: before.numBytes })
  }
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
