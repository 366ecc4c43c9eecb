import { expect, test } from 'vitest'
import { chooseAdapter } from '../../../src/engine/webgpu/adapters.ts'
import { type FakeAdapter, fakeAdapters, gpu, software } from './fake-adapters.ts'

const [a100, h200, swiftShader] = [gpu('A100', '01'), gpu('H200', '02'), software('SwiftShader')]

const choose = (all: readonly FakeAdapter[], index?: number, found?: FakeAdapter) =>
  chooseAdapter(fakeAdapters(all), index, async () => found)

test('the first real GPU is taken unless another is asked for; software counts where there is nothing else', async () => {
  const machine = [a100, h200, swiftShader]
  expect(await choose(machine)).toEqual({ adapter: a100, name: 'A100', software: false, index: 0, count: 2 })
  expect(await choose(machine, 1)).toEqual({ adapter: h200, name: 'H200', software: false, index: 1, count: 2 })
  expect(await choose([swiftShader])).toMatchObject({ adapter: swiftShader, software: true, count: 1 })
})

test('a real GPU comes before a software adapter, whatever the order of the driver', async () => {
  expect(await choose([swiftShader, h200])).toMatchObject({ adapter: h200, index: 0, count: 1 })
})

test('a machine without adapters has none to choose', async () => {
  expect(await choose([])).toBeUndefined()
})

test('an index that there is not is an error that lists those there are', async () => {
  await expect(choose([a100, h200, swiftShader], 2)).rejects.toMatchObject({
    code: 'engine.device',
    path: 'engine',
    value: 2,
    remedy: 'there are 0: A100, 1: H200',
  })
  await expect(choose([swiftShader], 1)).rejects.toMatchObject({ remedy: 'there is 0: SwiftShader' })
})

test('the second of two alike is singled out, and without a way to do so the error says what to do', async () => {
  const [first, second] = [gpu('H200', '01'), gpu('H200', '02')]
  const asked: unknown[] = []
  const chosen = await chooseAdapter(fakeAdapters([a100, first, second]), 2, async (_adapters, name, skip) => {
    asked.push(name, skip)
    return second
  })
  expect(chosen).toMatchObject({ adapter: second, index: 2, count: 3 })
  expect(asked).toEqual(['H200', 1])
  await expect(choose([first, second], 1)).rejects.toMatchObject({
    code: 'engine.device',
    remedy: expect.stringContaining('device selection layer'),
  })
})

test('so is one whose name is part of an earlier one, which would be found in its stead', async () => {
  const [longer, shorter] = [gpu('H200 NVL', '01'), gpu('H200', '02')]
  expect(await choose([longer, shorter], 1, shorter)).toMatchObject({ adapter: shorter, name: 'H200' })
})
