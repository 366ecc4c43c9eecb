import { expect, test } from 'vitest'
import { probeEngine } from '../../../src/cli/doctor/probe.ts'

const entry = new URL('../../fixtures/probes/misbehaves.ts', import.meta.url)
const probe = (behaviour: string, options = {}) =>
  Reflect.apply(probeEngine, undefined, [behaviour, { entry, ...options }])

test('an engine that works is found and measured, or only found', async () => {
  const quick = await probeEngine('wasm', { quick: true })
  expect(quick).toEqual({
    name: 'wasm',
    status: 'found',
    device: expect.stringContaining('WebAssembly'),
    deviceKind: 'processor',
    version: expect.stringMatching(/^4\./),
    memory: expect.any(Number),
  })
  const { measured, ...rest } = await probeEngine('wasm')
  expect(rest).toEqual(quick)
  expect(measured?.products.gflops).toBeGreaterThan(0)
  const { stepsPerSecond = 0, examplesPerSecond = 0 } = measured?.training ?? {}
  expect(stepsPerSecond).toBeGreaterThan(0)
  expect(examplesPerSecond).toBeCloseTo(128 * stepsPerSecond)
})

test('an engine that takes its process down is broken, with the signal and the last lines it printed', async () => {
  expect(await probe('crashes')).toMatchObject({
    status: 'broken',
    detail:
      'Its process died of SIGSEGV while loading, after these words:\nline 7\nline 8\nline 9\nCheck failed: device != nullptr',
  })
  expect(await probe('crashes-computing')).toMatchObject({
    status: 'broken',
    detail: 'Its process died of SIGABRT while computing on Some GPU.',
  })
  expect(await probe('exits')).toMatchObject({
    status: 'broken',
    detail: 'Its process ended with exit code 3 while loading.',
  })
})

test('an engine that never comes back is given up', async () => {
  expect(await probe('hangs', { limit: 1 })).toMatchObject({
    status: 'broken',
    detail: 'Its process gave no answer for 1 s while loading.',
  })
})

test('an engine that has said all counts, however its process ends', async () => {
  expect(await probe('crashes-at-exit', { quick: true })).toMatchObject({ status: 'found', detail: '--quick' })
})

test('a process that cannot be started is a finding too', async () => {
  expect(await probe('x', { entry: new URL('file:///nowhere/probe.ts') })).toMatchObject({
    status: 'broken',
    detail: expect.stringMatching(/^Its process ended with exit code 1 while loading, after these words:/),
  })
})
