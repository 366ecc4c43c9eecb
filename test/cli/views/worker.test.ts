import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { eventWords, jsonLog, liveLog, statusLine, type WorkerStatus } from '../../../src/cli/views/worker.ts'

const working: WorkerStatus = {
  ...{ name: 'gpu-1', slots: 4 },
  counts: () => ({ running: 3, finished: 120, lost: 2, refused: 0, restarts: 0 }),
  state: () => 'taking',
}

test('the status line says what it does and where', () => {
  const line = 'worker gpu-1 · 3 of 4 slots busy · 120 finished, 2 lost · redis host:6379'
  expect(statusLine(working, 'host:6379')).toBe(line)
  expect(statusLine({ ...working, state: () => 'leaving' }, 'host:6379')).toBe(`${line} · leaving`)
  expect(statusLine({ ...working, state: () => 'disconnected' }, 'host:6379')).toBe(`${line} · no connection`)
  const refusing = { ...working, counts: () => ({ ...working.counts(), refused: 1 }) }
  expect(statusLine(refusing, 'host:6379')).toContain('120 finished, 2 lost, 1 refused ·')
})

test('an event is a line of words, without passwords and control characters', () => {
  expect(eventWords({ trial: 3, outcome: 'complete' }, 'finished')).toBe('finished: trial 3, outcome complete')
  expect(eventWords({}, 'left')).toBe('left')
  expect(eventWords({ error: 'of rediss://me:word@host:1\n\u001b[2J' }, 'redis')).toBe(
    'redis: error of rediss://…@host:1 [2J',
  )
})

test('JSON: an object a line, without passwords', () => {
  const lines: string[] = []
  const { log } = jsonLog((line) => lines.push(line))
  log.info({ slots: 2 }, 'joined')
  log.warn({ error: 'of redis://:"wo"rd@host:1', next: 'a@b' }, 'redis')
  log.error({}, 'two\nlines')
  expect(lines.every((line) => line.endsWith('}\n'))).toBe(true)
  const entries = lines.map((line) => JSON.parse(line))
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(entries).toMatchObject([
    { level: 'info', time, slots: 2, msg: 'joined' },
    { level: 'warn', time, error: 'of redis://…@host:1', next: 'a@b', msg: 'redis' },
    { level: 'error', time, msg: 'two\nlines' },
  ])
})

test('on a terminal, events scroll by above a status line that fits', () => {
  const stream = Object.assign(new PassThrough(), { columns: 40, rows: 20 })
  const view = liveLog('host:6379', stream)
  view.log.info({ slots: 4 }, 'joined')
  view.begin(working)
  view.log.warn({}, 'careful')
  view.end()
  const lines = stripVTControlCharacters(String(stream.read())).split('\n')
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d joined: slots 4$/)
  expect(lines).toContainEqual(expect.stringMatching(/\d\d:\d\d:\d\d warning: careful$/))
  expect(lines).toContain('worker gpu-1 · 3 of 4 slots busy · 120…')
})
