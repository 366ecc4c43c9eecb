import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { jsonView } from '../../../src/cli/views/json.ts'
import { linesView } from '../../../src/cli/views/lines.ts'
import { liveView } from '../../../src/cli/views/live.ts'
import type { View } from '../../../src/cli/views/view.ts'
import { fixed, float } from '../../../src/space/domain.ts'
import { defineStudy } from '../../../src/study/study.ts'

const { definition } = defineStudy({
  name: 'sample',
  space: { x: float(0, 1), mode: fixed('calm') },
  metric: 'loss',
  goal: 'minimize',
  budget: { trials: 10 },
  run: () => 0,
})
const record = { id: 1, identity: '', name: 'sample', number: 2, definition, digest: '', createdAt: '' }
const params = { x: 0.123456789, mode: 'calm' }

/** Two trainers, one note, one value, one divergence, one crash. */
function play(view: View): void {
  view.begin({ record, definition, finishedBefore: 3 })
  view.progress({ type: 'slots', slots: 2 })
  view.progress({ type: 'started', trial: 3, attempt: 1, trainer: 0, params })
  view.progress({ type: 'note', text: 'The engine tensorflow was passed over.' })
  view.progress({ type: 'measured', trial: 3, trainer: 0, step: 20, metrics: { loss: 0.5 } })
  const best = { number: 3, params, state: 'complete', value: 0.25 } as const
  view.progress({ type: 'finished', trial: best, trainer: 0, seconds: 1.25, best, isBest: true, done: 4 })
  const diverged = {
    number: 4,
    params,
    state: 'infeasible',
    reason: { code: 'trial.diverged', message: 'Diverged: loss is NaN.\nmore' },
  } as const
  view.progress({ type: 'finished', trial: diverged, trainer: 1, seconds: 70, best, isBest: false, done: 5 })
  view.progress({
    type: 'lost',
    trial: 5,
    trainer: 1,
    reason: { code: 'trial.crashed', message: 'The trainer process died.' },
    again: true,
  })
  view.progress({ type: 'started', trial: 6, attempt: 1, trainer: 1, params })
  view.progress({ type: 'measured', trial: 6, trainer: 1, step: 40, metrics: { loss: 0.75 } })
}

test('lines: one for the study, one a finished trial, one a loss', () => {
  const lines: string[] = []
  const view = linesView(definition, (line) => lines.push(line))
  play(view)
  view.end()
  expect(lines).toEqual([
    'sample#2: 10 trials, 3 of them done before, minimize loss',
    'note: The engine tensorflow was passed over.',
    '[ 4/10] trial 3  0.25  1.3 s  best so far  x=0.123457 mode=calm',
    '[ 5/10] trial 4  infeasible: Diverged: loss is NaN.  1 min 10 s  (best 0.25, trial 3)  x=0.123457 mode=calm',
    'trial 5: The trainer process died. It is tried again.',
  ])
})

test('JSON: every event a line, with NaN as text', () => {
  const lines: string[] = []
  const view = jsonView((line) => lines.push(line))
  play(view)
  view.progress({ type: 'measured', trial: 6, trainer: 1, step: 60, metrics: { loss: Number.NaN } })
  const events = lines.map((line) => JSON.parse(line))
  expect(events.map(({ type }) => type)).toEqual([
    'study',
    'slots',
    'started',
    'note',
    'measured',
    'finished',
    'finished',
    'lost',
    'started',
    'measured',
    'measured',
  ])
  expect(events[0]).toMatchObject({ name: 'sample', number: 2, finishedBefore: 3 })
  expect(events.at(-1)).toMatchObject({ metrics: { loss: 'NaN' } })
})

test('live: a line a trainer, a bar with the time left, the best; what went wrong stays above', async () => {
  const stream = Object.assign(new PassThrough(), { columns: 90 })
  let written = ''
  stream.setEncoding('utf8').on('data', (text: string) => (written += text))
  const view = liveView(definition, stream)
  play(view)
  await sleep(250)
  const shown = stripVTControlCharacters(written)
  expect(shown).toContain('sample#2: minimize loss, auto, seed 0')
  expect(shown).toMatch(/ {2}trainer 1 {2}waiting/)
  expect(shown).toMatch(/ {2}trainer 2 {2}trial 6 {2}[\d.]+ s {2}step 40 {2}loss 0\.75 {2}x=0\.123457 mode=calm/)
  expect(shown).toMatch(/█{15}░{15} 5\/10, [\d.]+ s, about [\d.]+ s left/)
  expect(shown).toContain('best: trial 3, loss 0.25  x=0.123457 mode=calm')
  expect(shown).toContain('note: The engine tensorflow was passed over.\n')
  expect(shown).toContain('trial 4 infeasible: Diverged: loss is NaN.\n')
  expect(shown).toContain('trial 5: The trainer process died. It is tried again.\n')
  expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThan(90)
  view.end()
  const length = written.length
  await sleep(250)
  expect(written.length - length).toBeLessThan(100)
})
