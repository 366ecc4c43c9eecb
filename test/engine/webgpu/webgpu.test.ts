import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { webgpuEngine } from '../../../src/engine/webgpu/webgpu.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { findEngine } from '../../helpers/engines.ts'

const engine = await findEngine('webgpu')

function deviceOf(tf: Tf): GPUDevice {
  const device: unknown = Reflect.get(tf.backend(), 'device')
  if (device instanceof Object && isDevice(device)) return device
  throw new Error('the back end has no device')
}

function isDevice(value: object): value is GPUDevice {
  return 'createBuffer' in value && 'lost' in value
}

const load = async () => (engine ?? (await createEngine('webgpu'))).load()

describe.skipIf(!engine)('the engine webgpu', () => {
  afterAll(async () => deviceOf(await load()).destroy())

  test('says what it computes on and whether that is a GPU, before anything is loaded', async () => {
    const { device, deviceKind } = await webgpuEngine()
    expect(device).toMatch(/^.+, WebGPU/)
    expect(deviceKind).toBe(/swiftshader|llvmpipe|basic render/i.test(device) ? 'software' : 'gpu')
  })

  test('refuses an index that there is not and lists those there are', async () => {
    await expect(webgpuEngine({ device: 99 })).rejects.toMatchObject({
      code: 'engine.device',
      path: 'engine',
      value: 99,
      remedy: expect.stringMatching(/^there (is|are) 0: \w+/),
    })
  })

  test('starts without a word, with all that the adapter can, and leaves next to nothing global', async () => {
    const spies = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name))
    onTestFinished(() => {
      for (const spy of spies) spy.mockRestore()
    })
    const tf = await load()
    const x = tf.tensor1d([1, 2, 3])
    expect([...x.square().dataSync()]).toEqual([1, 4, 9])
    for (const spy of spies) expect(spy).not.toHaveBeenCalled()
    // What a device has that was not asked for more is 128 MiB and 256 MiB.
    expect(deviceOf(tf).limits.maxStorageBufferBindingSize).toBeGreaterThan(2 ** 27)
    expect(deviceOf(tf).limits.maxBufferSize).toBeGreaterThan(2 ** 28)
    expect('gpu' in navigator).toBe(false)
    expect('GPUDevice' in globalThis).toBe(false)
  })

  test('a second one of the process computes on the same device', async () => {
    const tf = await load()
    const device = deviceOf(tf)
    const other = await (await webgpuEngine()).load()
    expect(other.getBackend()).toBe('webgpu')
    expect(deviceOf(other)).toBe(device)
  })

  test('reads at once, in time, many at a time, and what is disposed of meanwhile', async () => {
    const tf = await load()
    const x = tf.range(0, 1000)
    const sums = Array.from({ length: 20 }, (_, i) => tf.sum(tf.mul(x, i)))
    const reads = sums.map((sum) => sum.data())
    expect(sums[3]?.dataSync()[0]).toBe(3 * 499_500)
    tf.dispose(sums)
    expect((await Promise.all(reads)).map(([sum]) => sum)).toEqual(sums.map((_, i) => i * 499_500))
    expect(tf.tidy(() => tf.greater(x, 997).dataSync()).slice(-3)).toEqual(Uint8Array.of(0, 1, 1))
  })

  test('waits for the device, and for a device that has nothing to do', async () => {
    const tf = await load()
    const product = tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]))
    await engine?.synchronize()
    await engine?.synchronize()
    expect(product.dataSync()[4095]).toBe(64)
  })

  test('a tensor that is too large is an error where it would have been made, and others are as before', async () => {
    const tf = await load()
    const before = tf.ones([3])
    const columns = deviceOf(tf).limits.maxBufferSize / 4
    expect(() => tf.tidy(() => tf.mul(tf.ones([2, 1]), tf.ones([1, columns])))).toThrow(
      expect.objectContaining({ code: 'engine.memory', remedy: expect.stringContaining('smaller model or batch') }),
    )
    expect([...(await tf.add(before, 1).data())]).toEqual([2, 2, 2])
  })

  test('what the device refuses is an error of the next operation or read, once', async () => {
    const tf = await load()
    const x = tf.add(tf.ones([2000]), 1)
    await x.data()
    deviceOf(tf).createBuffer({ size: 16, usage: 0 })
    await expect(x.data()).rejects.toMatchObject({ code: 'engine.broken', cause: { message: expect.any(String) } })
    expect((await x.data())[1999]).toBe(2)
  })

  test('a device that is lost is an error of every operation, read and wait; the next engine has another', async () => {
    const tf = await load()
    const x = tf.add(tf.ones([2000]), 1)
    await x.data()
    const reading = x.data()
    deviceOf(tf).destroy()
    const lost = { code: 'engine.lost', remedy: expect.stringContaining('new process') }
    await expect(reading).rejects.toMatchObject(lost)
    await expect(x.data()).rejects.toMatchObject(lost)
    await expect(engine?.synchronize()).rejects.toMatchObject(lost)
    expect(() => x.dataSync()).toThrow(expect.objectContaining(lost))
    expect(() => tf.add(x, x)).toThrow(expect.objectContaining(lost))
    const again = await (await webgpuEngine()).load()
    expect([...again.add(again.ones([2]), 1).dataSync()]).toEqual([2, 2])
  })
})
