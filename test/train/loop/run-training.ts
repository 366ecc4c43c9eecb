import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Engine } from '../../../src/study/engine.ts'
import type { Checkpoint, Report } from '../../../src/study/trial.ts'
import { adam, loadDigits, mlp, splitDataset, type TrainingConfig, train } from '../../../src/train/index.ts'

export const digits = splitDataset(loadDigits())

/** Some training that learns, in a second. */
export const small = {
  model: mlp({ inputs: 64, hidden: [16], classes: 10, dropout: 0.2 }),
  optimizer: adam({ learningRate: 0.01 }),
  data: digits,
  batchSize: 32,
  steps: 60,
  evaluateEvery: 20,
} satisfies TrainingConfig

export interface RunOptions {
  readonly engine?: Engine['name']
  readonly seed?: number
  /** How often the trial may be asked whether to stop, before it says so. */
  readonly stopAfter?: number
  readonly checkpoint?: Checkpoint
}

/** Trains as trial 1 of a study; returns what was reported too. */
export async function run(config: Partial<TrainingConfig> = {}, options: RunOptions = {}) {
  const { engine = 'cpu', seed = 0, stopAfter = Number.POSITIVE_INFINITY, checkpoint = memoryCheckpoint() } = options
  const reports: Report[] = []
  let asked = 0
  const trial = {
    engine: await createEngine(engine),
    checkpoint,
    report: (report: Report) => reports.push(report),
    shouldStop: () => ++asked >= stopAfter,
    random: (purpose: string) => createRandom(seed, 1, purpose),
  }
  return { result: await train(trial, { ...small, ...config }), reports }
}

/** A checkpoint that keeps what a file would. */
export function memoryCheckpoint(): Checkpoint {
  let saved: { step: number; state: unknown } | undefined
  return {
    save(step, state) {
      saved = structuredClone({ step, state })
    },
    load: () => structuredClone(saved),
  }
}
