import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit.ts'
import { requestCommand } from '../../src/cli/request-command.ts'
import { openStore } from '../../src/store/store.ts'
import { studyDigest } from '../../src/study/study.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { behaving } from '../helpers/run.ts'

/** A stored study of two trials, the first finished; this process runs it. */
function running() {
  const db = join(temporaryFolder(), 'studies.db')
  const store = openStore(db)
  onTestFinished(() => store.close())
  const { definition } = behaving('instant')
  const source = { path: 'studies/digits.ts', digest: 'abc' }
  const study = store.createStudy({ definition, digest: studyDigest(definition), source })
  const lease = store.takeLease(study)
  store.createTrials(
    lease,
    [0, 1].map((number) => ({ number, params: { x: 0.5, mode: 'instant' } })),
  )
  store.finishTrial(lease, store.createAttempt(lease, 0).fence, { state: 'complete', value: 1 }, '')
  const args = { study: 'behaviours', db, json: false }
  return { store, study, lease, args }
}

describe('of a study that is being run', () => {
  test.each([
    ['pause', /to pause behaviours: what runs goes on to its end/],
    ['resume', /to go on with behaviours/],
    ['cancel', /to stop behaviours now\. What has finished is kept/],
  ] as const)('%s is left for the process that runs it, which is named', (kind, says) => {
    const { store, lease, args } = running()
    const answer = requestCommand(kind, args)
    expect(answer).toContain(`Asked process ${process.pid} on ${hostname()} to `)
    expect(answer).toMatch(says)
    expect(store.takeRequests(lease)).toEqual([{ kind }])
  })

  test('a trial is cancelled by number, and --json says what was asked of whom', () => {
    const { store, lease, args } = running()
    const answer = requestCommand('cancel', { ...args, study: 'behaviours#1', trial: '1', json: true })
    expect(JSON.parse(answer)).toEqual({
      ...{ study: 'behaviours', number: 1, kind: 'cancel', trial: 1 },
      holder: { host: hostname(), pid: process.pid, seconds: expect.any(Number), paused: false },
    })
    expect(store.takeRequests(lease)).toEqual([{ kind: 'cancel', trial: 1 }])
  })

  test.each([
    ['0', 'study.finished_trial', /Trial 0 has ended: it is complete/],
    ['2', 'study.unknown_trial', /no trial 2/],
    ['-1', 'option.invalid', /a whole number from 0/],
    ['best', 'option.invalid', /a whole number from 0/],
  ])('trial %s is refused: %s', (trial, code, says) => {
    const { store, lease, args } = running()
    const error = thrownBy(() => requestCommand('cancel', { ...args, trial }))
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) })
    expect(exitCodeOf(error)).toBe(2)
    expect(store.takeRequests(lease)).toEqual([])
  })
})

describe('of a study that nobody runs', () => {
  test.each(['pause', 'resume', 'cancel'] as const)('%s says so, and how to run it', (kind) => {
    const { store, lease, args } = running()
    store.releaseLease(lease)
    const error = thrownBy(() => requestCommand(kind, args))
    expect(error).toMatchObject({
      code: 'study.idle',
      remedy: expect.stringContaining('dynotune run studies/digits.ts'),
    })
    expect(exitCodeOf(error)).toBe(2)
  })

  test('a trial is cancelled at once, and whoever runs the study may take it', () => {
    const { store, study, lease, args } = running()
    store.releaseLease(lease)
    expect(requestCommand('cancel', { ...args, trial: '1' })).toMatch(/Trial 1 of behaviours is cancelled/)
    expect(store.archive(study).trials()[1]).toMatchObject({
      state: 'failed',
      reason: { code: 'trial.cancelled', message: 'Cancelled by the user.' },
      attempts: 0,
    })
    store.takeLease(study)
  })
})
