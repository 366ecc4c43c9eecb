import { readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileCheckpoint } from '../../src/runner/checkpoint.ts'
import { deathOf } from '../../src/runner/death.ts'
import { overLimit } from '../../src/runner/limits.ts'
import { memoryKills, residentMemory } from '../../src/runner/memory.ts'
import { createOutputFile } from '../../src/runner/output.ts'
import { temporaryFolder } from '../helpers/folder.ts'

test('a checkpoint comes back as it was saved, the last one, with no draft left', () => {
  const folder = temporaryFolder()
  const checkpoint = fileCheckpoint(join(folder, 'deep', 'trial.bin'))
  expect(checkpoint.load()).toBeUndefined()
  checkpoint.save(1, { weights: [new Float32Array([1.5, Number.NaN])] })
  checkpoint.save(2, { weights: [new Float32Array([2.5])], names: new Map([['a', 1n]]) })
  expect(checkpoint.load()).toEqual({
    step: 2,
    state: { weights: [new Float32Array([2.5])], names: new Map([['a', 1n]]) },
  })
  expect(readdirSync(join(folder, 'deep'))).toEqual(['trial.bin'])
})

test('a state that cannot be saved leaves the checkpoint before it', () => {
  const folder = temporaryFolder()
  const checkpoint = fileCheckpoint(join(folder, 'trial.bin'))
  checkpoint.save(1, 'good')
  expect(() => checkpoint.save(2, () => {})).toThrow(/could not be cloned/)
  expect(checkpoint.load()).toEqual({ step: 1, state: 'good' })
  expect(readdirSync(folder)).toEqual(['trial.bin'])
})

test('output is taken once, starts anew after that, and keeps both ends of too much', () => {
  const output = createOutputFile()
  expect(output.take()).toBe('')
  writeSync(output.fd, 'one ')
  writeSync(output.fd, 'two')
  expect(output.take()).toBe('one two')
  expect(output.take()).toBe('')
  writeSync(output.fd, `begin${'x'.repeat(100_000)}end`)
  const taken = output.take()
  expect(taken).toMatch(/^begin.*\n\[… 34472 bytes left out …\]\n.*end$/s)
  writeSync(output.fd, 'x'.repeat(65 * 2 ** 20))
  output.trim()
  writeSync(output.fd, 'after')
  expect(output.take()).toBe(`[… ${65 * 2 ** 20} bytes dropped …]\nafter`)
  output.close()
})

test('resident memory is that of the process, and nothing for one that is gone', () => {
  const measured = residentMemory(process.pid)
  expect(measured / process.memoryUsage().rss).toBeGreaterThan(0.8)
  expect(measured / process.memoryUsage().rss).toBeLessThan(1.25)
  expect(residentMemory(2 ** 22 - 1)).toBe(0)
})

test('limits that are not set are not exceeded; each that is has its outcome', () => {
  const usage = { ran: 100, silent: 50, pid: process.pid }
  expect(overLimit({}, usage)).toBeUndefined()
  expect(overLimit({ time: 101, silence: 51, memory: 1e15 }, usage)).toBeUndefined()
  expect(overLimit({ time: 99 }, usage)).toMatchObject({ type: 'infeasible', reason: { code: 'trial.timeout' } })
  expect(overLimit({ silence: 49 }, usage)).toMatchObject({ type: 'lost', reason: { code: 'trial.silent' } })
  expect(overLimit({ memory: 1e6 }, usage)).toMatchObject({ type: 'infeasible', reason: { code: 'trial.memory' } })
})

test('a process that the kernel killed, or V8 gave up, for want of memory is told from one that crashed', () => {
  const codeOf = (...death: Parameters<typeof deathOf>) => deathOf(...death).reason.code
  expect(codeOf('signal SIGKILL', '', 1)).toBe('trial.out_of_memory')
  expect(codeOf('signal SIGKILL', '', 0)).toBe('trial.crashed')
  expect(codeOf('signal SIGSEGV', '', 1)).toBe('trial.crashed')
  const last = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory'
  expect(deathOf('signal SIGABRT', last, 0)).toEqual({
    type: 'lost',
    reason: { code: 'trial.out_of_memory', message: 'The trainer process died: JavaScript heap out of memory.' },
  })
})

test('the kernel tells how many it has killed, where it tells', () => {
  expect(memoryKills(() => 'pgfault 7\noom_kill 12\nnuma_hit 3\n')).toBe(12)
  expect(memoryKills(() => 'pgfault 7\n')).toBe(0)
  expect(
    memoryKills(() => {
      throw new Error('no such file')
    }),
  ).toBe(0)
  expect(memoryKills()).toBeGreaterThanOrEqual(0)
})
