import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { createTuner } from '../../src/scheduler/tuner.ts'
import { openStore } from '../../src/store/store.ts'
import steady from '../fixtures/studies/steady.ts'
import { type CliProcess, cli, startCli, trainersOf } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { isAlive, killHard, until } from '../helpers/processes.ts'

const STUDY = fileURLToPath(new URL('../fixtures/studies/steady.ts', import.meta.url))
const KILLS = 20
const TRIALS = 700

/*
 * kill -9 at twenty random moments: the study must end with exactly the trials asked for, none lost, none twice, and the
 * parameters of each as without the kills. The moments come from a fixed seed; what happens at them is up to the machine.
 */
describe.each(['trainer', 'scheduler', 'both'] as const)('kill -9 of %s', (victim) => {
  test(`at ${KILLS} random moments loses nothing and repeats nothing`, async () => {
    const folder = temporaryFolder()
    const db = join(folder, 'studies.db')
    const words = ['run', STUDY, '--db', db, '--trials', String(TRIALS)]
    const random = createRandom(7, 0, victim)
    let run: CliProcess | undefined
    for (let kill = 0; kill < KILLS; kill++) {
      if (!run || run.child.exitCode !== null || run.child.signalCode !== null) run = startCli(words, folder)
      const { pid } = run
      await until(() => trainersOf(pid).length === 2, 'two trainers')
      await sleep(50 + random.next() * 400)
      const trainers = trainersOf(pid)
      const victims =
        victim === 'trainer'
          ? [trainers[random.int(trainers.length)] ?? 0]
          : victim === 'scheduler'
            ? [pid]
            : [pid, ...trainers]
      for (const each of victims) killHard(each)
      await until(() => !victims.some(isAlive), 'the killed to be gone')
      if (victim === 'trainer') {
        // A trial whose trainer dies three times is failed, as it should be. It is tried again after at most three others:
        // once more than that have finished, the next kill cannot meet the same one.
        const current = run
        const seen = finishedOf(current)
        await until(
          () => finishedOf(current) >= seen + 6 || current.child.exitCode !== null,
          'the killed trial to finish',
        )
      } else {
        await run.ended
        // Orphans would go on training what nobody records.
        await until(() => !trainers.some(isAlive), 'the orphans to be gone', 5)
      }
    }
    const last = victim === 'trainer' && run ? await run.ended : await cli(words, folder)
    expect(last.stderr).toBe('')
    expect(last.code).toBe(0)

    const store = openStore(db)
    const study = store.findStudy('steady')
    const archive = study && store.archive(study)
    const trials = archive?.trials() ?? []
    const tuner = createTuner({ space: steady.definition.space, seed: 11, sampler: 'halton' })
    tuner.ask(TRIALS)
    expect(trials.map(({ number }) => number)).toEqual(tuner.trials.map(({ number }) => number))
    expect(trials.map(({ params }) => params)).toEqual(tuner.trials.map(({ params }) => params))
    expect(trials.filter(({ state }) => state !== 'complete')).toEqual([])
    expect(trials.every(({ value, params }) => value === params.x)).toBe(true)
    expect(trials.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(0)
    for (const { number } of trials) expect(archive?.measurements(number).map(({ step }) => step)).toEqual([1, 2, 3, 4])
    store.close()
  })
})

/** Trials that a run has said to be finished. */
function finishedOf({ stdout }: CliProcess): number {
  return stdout().match(/^\[ *\d+\/\d+\]/gm)?.length ?? 0
}
