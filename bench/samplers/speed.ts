import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRandom } from '../../src/numerics/random.ts'
import { samplerNamed } from '../../src/samplers/registry.ts'
import { createTuner, type Tuner } from '../../src/scheduler/tuner.ts'
import { float } from '../../src/space/domain.ts'
import type { AnyParams } from '../../src/space/params.ts'
import type { TrialView } from '../../src/study/view.ts'
import type { Optuna, OptunaSampler } from './optuna.ts'
import type { Speed } from './result.ts'

interface Case {
  readonly sampler: string
  readonly peer: OptunaSampler
  readonly trials: readonly number[]
  readonly suggestions: number
}

const CASES: readonly Case[] = [
  { sampler: 'tpe', peer: 'tpe', trials: [100, 1000, 10_000], suggestions: 20 },
  { sampler: 'gaussianProcess', peer: 'gp', trials: [50, 200, 400, 800], suggestions: 20 },
]
const DIMENSIONS = 8
const space = Object.fromEntries(Array.from({ length: DIMENSIONS }, (_, i) => [`x${i}`, float(0, 1)]))

/** How long a suggestion takes, beside Optuna's one after the other in the same run. */
export async function speeds(optuna: Optuna | undefined, onRow: (row: Speed) => void): Promise<Speed[]> {
  const rows: Speed[] = []
  for (const { sampler, peer, trials: counts, suggestions } of CASES) {
    // What is compiled while it runs is compiled by then: a study has asked for all trials that came before.
    await suggestTimes(sampler, 0, Math.min(...counts))
    for (const trials of counts) {
      const { seconds, heapBytes } = await suggestTimes(sampler, trials, suggestions)
      const theirs = await optuna?.rate(peer, trials, suggestions)
      const row = { sampler, peer, trials, seconds, peerSeconds: theirs?.seconds ?? null, suggestions, heapBytes }
      rows.push(row)
      onRow(row)
    }
  }
  return rows
}

async function suggestTimes(name: string, trials: number, suggestions: number) {
  const sampler = samplerNamed(name)
  const { next } = createRandom(0, 0, 'bench/speed')
  const finished: TrialView[] = Array.from({ length: trials }, (_, number) => {
    const params = Object.fromEntries(Object.keys(space).map((key) => [key, next()]))
    return { number, params, state: 'complete', value: next() }
  })
  const tuner: Tuner<AnyParams> = createTuner({ space, sampler, trials: finished })
  let heapAtHalf = 0
  let seconds = 0
  for (let i = 0; i < suggestions; i++) {
    const began = performance.now()
    const { number } = tuner.ask()
    seconds += (performance.now() - began) / 1000
    tuner.tell(number, next())
    if (i === Math.floor(suggestions / 2)) heapAtHalf = heapBytes()
  }
  return { seconds: seconds / suggestions, heapBytes: [heapAtHalf, heapBytes()] satisfies [number, number] }
}

/** What the heap holds and cannot give back. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}
