import { expect, test } from 'vitest'
import type { Optuna } from '../../../bench/samplers/optuna.ts'
import { runsOfPeer } from '../../../bench/samplers/peers.ts'
import { MULTI_OBJECTIVE } from '../../../bench/samplers/problems/multi-objective.ts'
import { problem } from '../../../bench/samplers/problems/problem.ts'
import type { Asker } from '../../../bench/samplers/run.ts'
import { missingVolumeOf, regretOf } from '../../../bench/samplers/subject.ts'
import { float } from '../../../src/space/domain.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

/** Infeasible from 0.5 on. */
const subject = regretOf(
  problem({
    ...{ name: 'half', space: { x: float(0, 1) }, best: 0, infeasible: true },
    value: ({ x }) => (x < 0.5 ? x : Number.NaN),
  }),
)

test('runs of a peer are kept by seed, and told trials in their order after all of a batch were asked for', async () => {
  const log: string[] = []
  const optuna = pretend([0.4, 0.7, 0.1, 0.9, 0.2], log)
  const options = { trials: 5, pending: 2, seeds: 2, folder: temporaryFolder() }
  const peer = { name: 'tpe', sampler: 'tpe', infeasible: 'failed' } as const
  const runs = await runsOfPeer(optuna, peer, subject, options)
  expect(runs.map(({ curve }) => curve)).toEqual([
    [0.4, 0.4, 0.1, 0.1, 0.1],
    [0.4, 0.4, 0.1, 0.1, 0.1],
  ])
  expect(runs[0]?.secondsPerSuggestion).toBeCloseTo(0.3, 12)
  const once = ['ask 2', '0: 0.4', '1: NaN', 'ask 2', '2: 0.1', '3: NaN', 'ask 1', '4: 0.2']
  expect(log).toEqual(['start tpe 0', ...once, 'start tpe 1', ...once])
  const more = await runsOfPeer(optuna, peer, subject, { ...options, seeds: 3 })
  expect(more.slice(0, 2)).toEqual(runs)
  expect(log.filter((line) => line.startsWith('start'))).toEqual(['start tpe 0', 'start tpe 1', 'start tpe 2'])
})

test('a peer may be told the worst so far of infeasible trials', async () => {
  const log: string[] = []
  const optuna = pretend([0.7, 0.1, 0.4, 0.7, 0.2], log)
  const peer = { name: 'gp, worst', sampler: 'gp', infeasible: 'worst' } as const
  await runsOfPeer(optuna, peer, subject, { trials: 5, pending: 1, seeds: 1, folder: temporaryFolder() })
  expect(log.filter((line) => line.includes(':'))).toEqual(['0: NaN', '1: 0.1', '2: 0.4', '3: 0.4', '4: 0.2'])
})

test('of several objectives the share of the volume counts that is missing', () => {
  const [zdt1] = MULTI_OBJECTIVE
  if (!zdt1) throw new Error('no zdt1')
  const judge = missingVolumeOf(zdt1).judge(0)
  const at = (x0: number, rest: number) =>
    Object.fromEntries(Object.keys(zdt1.space).map((name) => [name, name === 'x0' ? x0 : rest]))
  expect(judge.measure(0, at(0, 0))).toEqual([0, 1])
  judge.measure(1, at(1, 0))
  // The corners [0, 1] and [1, 0] to the reference [1.1, 11].
  expect(judge.curve[0]).toBeCloseTo(1 - 11 / zdt1.best, 12)
  expect(judge.curve[1]).toBeCloseTo(1 - 11.1 / zdt1.best, 12)
})

/** Suggests these values, whatever it is told. */
function pretend(values: readonly number[], log: string[]): Optuna {
  return {
    ...{ version: '0', missing: {}, close() {} },
    rate: () => Promise.reject(new Error('not asked for')),
    async start(sampler, _, seed): Promise<Asker> {
      log.push(`start ${sampler} ${seed}`)
      let number = 0
      return {
        async ask(count) {
          log.push(`ask ${count}`)
          const trials = Array.from({ length: count }, () => ({ number, params: { x: values[number++] ?? 0 } }))
          return { trials, seconds: 0.5 }
        },
        async tell(trial, [value]) {
          log.push(`${trial}: ${value}`)
        },
      }
    },
  }
}
