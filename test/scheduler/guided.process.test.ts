import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createTuner, type Pruner, type Sampler } from '../../src/index.ts'
import guided from '../fixtures/studies/guided.ts'
import { rejectionOf } from '../helpers/errors.ts'
import { behaving, openTestRun } from '../helpers/run.ts'

const GUIDED = new URL('../fixtures/studies/guided.ts', import.meta.url).href

describe('a sampler that takes its time', () => {
  test('goes on in a thread, where it sees the same study', async () => {
    const { run, archive } = openTestRun(guided, { module: GUIDED })
    await run.run()
    const trials = archive.trials()
    expect(trials.map(({ params }) => params.thread)).toEqual([0, 1, 1, 1, 1, 1])
    // Trials take no time here, so that one is asked for ahead: it knows all values but the one that is still to come.
    const sums = trials.map((_, n) => (n * (n + 1)) / 2)
    for (const [n, { params }] of trials.entries()) {
      expect([sums[n], sums[Math.max(0, n - 1)]]).toContain(params.known)
    }
  })

  test('that fails there ends the run with its own error, and what finished is kept', async () => {
    const { run, archive } = openTestRun(guided, { module: GUIDED, overrides: { budget: { trials: 30 } } })
    const error = await rejectionOf(run.run())
    expect(error).toMatchObject({ code: 'sampler.invalid', message: 'Enough.', path: 'sampler', value: 20 })
    expect(archive.trials().filter(({ state }) => state === 'complete').length).toBeGreaterThanOrEqual(18)
  })
})

describe('a pruner', () => {
  const afterFive: Pruner = {
    name: 'afterFive',
    decide: ({ curve = [] }, { trials }) =>
      (curve.at(-1)?.step ?? 0) >= 5 ? { stop: true, because: `seen enough of ${trials.length}` } : { stop: false },
  }

  test('ends a trial early, which keeps its best value, its curve and the reason', async () => {
    const { run, archive } = openTestRun(behaving('until stopped', { pruner: afterFive, budget: { trials: 2 } }))
    await run.run()
    const trials = archive.trials()
    for (const { number, state, reason, value } of trials) {
      expect({ state, reason }).toEqual({
        state: 'stopped',
        reason: { code: 'trial.pruned', message: 'seen enough of 2' },
      })
      const last = archive.measurements(number).length
      expect(last).toBeGreaterThanOrEqual(5)
      expect(value).toBe(1 / last)
    }
  })

  test('by name has its defaults, and an unknown one is named', async () => {
    const { run, archive } = openTestRun(behaving('steps', { pruner: 'threshold', budget: { trials: 2 } }))
    await run.run()
    expect(archive.trials().map(({ state }) => state)).toEqual(['complete', 'complete'])
    expect(() => openTestRun(behaving('steps', { pruner: 'shears' }))).toThrow(/no pruner "shears"/)
  })

  test('sees the curves of earlier runs', async () => {
    const first = openTestRun(behaving('steps', { budget: { trials: 2 } }))
    await first.run.run()
    const seen: (readonly number[])[] = []
    const pruner: Pruner = {
      name: 'looks',
      decide(_, { trials }) {
        seen.push(trials.map(({ curve = [] }) => curve.length))
        return { stop: false }
      },
    }
    await openTestRun(behaving('steps', { budget: { trials: 3 }, pruner }), { db: first.db }).run.run()
    expect(seen.at(-1)).toEqual([5, 5, 5])
  })
})

describe('what the author knows', () => {
  test('is tried first, even when it is added later; a part is completed', async () => {
    const first = openTestRun(behaving('instant', { enqueue: [{ x: 0.125 }, {}], budget: { trials: 3 } }))
    await first.run.run()
    const more = behaving('instant', { enqueue: [{ x: 0.125 }, { x: 0.75 }], budget: { trials: 5 } })
    await openTestRun(more, { db: first.db }).run.run()
    const xs = first.archive.trials().map(({ params }) => params.x)
    expect([xs[0], xs[3]]).toEqual([0.125, 0.75])
    expect(new Set(xs).size).toBe(5)
  })

  test('bounds on metrics make a trial infeasible with its metrics, which the best never is', async () => {
    const study = behaving('instant', { bounds: { loss: { atLeast: 0.5 } }, budget: { trials: 8 } })
    const { run, archive } = openTestRun(study)
    const { best } = await run.run()
    for (const { state, params, reason, metrics } of archive.trials()) {
      expect(state).toBe(Number(params.x) < 0.5 ? 'infeasible' : 'complete')
      expect(metrics?.loss).toBe(params.x)
      if (reason)
        expect(reason).toMatchObject({
          code: 'trial.bound',
          message: `loss is ${params.x}, and the study wants at least 0.5.`,
        })
    }
    expect(best?.value).toBeGreaterThanOrEqual(0.5)
  })

  test('an objective that run does not return is a mistake of the code', async () => {
    const { run, archive } = openTestRun(
      behaving('instant', { objectives: { bytes: 'minimize' }, budget: { trials: 1 } }),
    )
    await run.run()
    expect(archive.trials()).toMatchObject([
      {
        state: 'failed',
        reason: {
          message: expect.stringMatching(/needs a finite "bytes"/),
          remedy: expect.stringMatching(/every objective/),
        },
      },
    ])
  })
})

test('a trial begins from the checkpoint of its parent, which is kept as long as the sampler wants it', async () => {
  const chain: Sampler = {
    name: 'chain',
    adaptive: true,
    suggest: (_, count) => Array.from({ length: count }, () => ({ thread: 0, known: 0 })),
    parents: ({ trials }, count) =>
      Array.from({ length: count }, (_, i) => (trials.length + i > 0 ? trials.length + i - 1 : undefined)),
    keeps: ({ trials }) => [trials.length - 1],
  }
  const study = { ...guided, sampler: chain, definition: { ...guided.definition, sampler: 'chain' } }
  const { run, archive, db } = openTestRun(study, { module: GUIDED })
  await run.run()
  const trials = archive.trials()
  expect(trials.map(({ parent }) => parent)).toEqual([undefined, 0, 1, 2, 3, 4])
  expect(trials.map(({ metrics }) => metrics?.step)).toEqual([1, 2, 3, 4, 5, 6])
  expect(readdirSync(`${db}.checkpoints/1`).sort()).toEqual(['trial-0.bin', 'trial-5.bin'])
})

test('a study sees what earlier studies found of the parameters that it shares with them', async () => {
  const first = openTestRun(behaving('instant', { budget: { trials: 3 }, goal: 'maximize' }))
  await first.run.run()
  const copies: Sampler = {
    name: 'copies',
    suggest: ({ earlier = [], trials }, count) =>
      Array.from({ length: count }, (_, i) => ({ x: Number(earlier[trials.length + i]?.params.x), mode: 'instant' })),
  }
  const study = behaving('instant', { name: 'second', learnFrom: 'behaviours', sampler: copies })
  const second = openTestRun(study, { db: first.db })
  await second.run.run()
  expect(second.archive.trials().map(({ params }) => params)).toEqual(
    first.archive.trials().map(({ params }) => params),
  )
  expect(() => openTestRun(behaving('instant', { name: 'third', learnFrom: 'nothing' }), { db: first.db })).toThrow(
    /no such study to learn from/,
  )
})

test('a tuner takes enqueued parameters, bounds and constraints as a study does', () => {
  const tuner = createTuner({
    space: guided.definition.space,
    sampler: 'random',
    enqueue: [{ thread: 0.25 }],
    bounds: [{ metric: 'bytes', atMost: 10 }],
    allows: ({ thread }) => Number(thread) < 0.5,
  })
  const asked = tuner.ask(10)
  expect(asked[0]?.params.thread).toBe(0.25)
  expect(asked.every(({ params }) => Number(params.thread) < 0.5)).toBe(true)
  tuner.tell(0, { state: 'complete', values: { value: 1, bytes: 11 } })
  tuner.tell(1, { state: 'complete', values: { value: 2, bytes: 10 } })
  expect(tuner.trials.map(({ state }) => state).slice(0, 2)).toEqual(['infeasible', 'complete'])
  expect(tuner.best?.number).toBe(1)
})

test('a study ends when going on gains less than the noise, and says so', async () => {
  const study = behaving('instant', { budget: { trials: 500, gain: 0.02 }, sampler: 'auto' })
  const { run, archive, progress } = openTestRun(study)
  await run.run()
  const { length } = archive.trials()
  expect(length).toBeGreaterThanOrEqual(20)
  expect(length).toBeLessThan(40)
  expect(progress.filter(({ type }) => type === 'note')).toMatchObject([
    {
      text: expect.stringMatching(
        /^After \d+ trials more of them can improve loss by [-e.\d]+ at most, .* less than 0\.02\.$/,
      ),
    },
  ])
})
