import { createRandom } from '../../src/numerics/random.ts'
import { bool, choice, fixed, float, int, type SpaceSpec } from '../../src/space/domain.ts'
import type { Assignment } from '../../src/space/params.ts'
import { createSpace } from '../../src/space/space.ts'
import type { Environment, StudyArchive, StudyRecord, TrialRecord } from '../../src/study/record.ts'
import type { StudyDefinition } from '../../src/study/study.ts'
import type { Measurement, Reason } from '../../src/study/trial.ts'

/** A space with every kind of domain, scale and condition. */
export const RICH_SPACE: SpaceSpec = {
  learning_rate: float(1e-4, 1, { scale: 'log' }),
  batchSize: int(16, 256, { scale: 'log', step: 2 }),
  layers: int(1, 4),
  dropout: float(0, 0.5),
  activation: choice(['relu', 'tanh', 'a|b *very* odd <name>']),
  augment: bool(),
  optimizer: choice({
    sgd: { momentum: float(0, 0.999, { scale: 'reverseLog' }), nesterov: bool() },
    adam: { beta1: float(0.8, 0.99), epsilon: float(1e-10, 1e-3, { scale: 'log' }) },
  }),
  epochs: fixed(30),
}

export type FakeTrial = Partial<Omit<TrialRecord, 'number' | 'params'>>

export interface FakeOptions {
  readonly definition?: Partial<StudyDefinition>
  readonly record?: Partial<StudyRecord>
  readonly trials?: number
  /** What differs from a plain complete trial. Default: one in eight diverges, one in five is stopped. */
  readonly outcome?: (number: number, params: Assignment) => FakeTrial
  /** Points of each curve. Default: 30; 0 for none. */
  readonly steps?: number
}

/** A made-up study, the same for the same options. */
export function fakeArchive(options: FakeOptions = {}): StudyArchive {
  const { trials: count = 40, steps = 30, outcome = usual } = options
  const definition: StudyDefinition = {
    name: 'digits',
    question: 'How low does the validation error of a small network get?',
    space: RICH_SPACE,
    metric: 'validationError',
    goal: 'minimize',
    budget: { trials: count || 40 },
    seed: 7,
    sampler: 'halton',
    engine: 'auto',
    limits: {},
    ...options.definition,
  }
  const study: StudyRecord = {
    id: 1,
    identity: '1d'.repeat(8),
    name: definition.name,
    number: 1,
    definition,
    digest: 'd1'.repeat(32),
    source: { path: 'studies/digits.ts', digest: '5e'.repeat(32) },
    createdAt: '2026-03-01T12:00:00.000Z',
    ...options.record,
  }
  const space = createSpace(definition.space)
  const trials = Array.from({ length: count }, (_, number): TrialRecord => {
    const random = createRandom(definition.seed, number, 'params')
    const params = space.sample(() => random.next())
    const value = finalError(params, number)
    const record = outcome(number, params)
    const isValued = record.state === undefined || record.state === 'complete' || record.state === 'stopped'
    return {
      number,
      params,
      state: 'complete',
      ...(isValued && { value, metrics: { [definition.metric]: record.value ?? value, trainLoss: value * 2 } }),
      attempts: 1,
      seconds: 20 + 10 * random.next(),
      environment: ENVIRONMENT,
      ...record,
    }
  })
  return {
    study,
    trials: () => trials,
    measurements: (number) => curve(trials[number], definition.metric, steps),
    output: (number) => (trials[number]?.state === 'failed' ? 'loading data\nsegmentation fault\n' : ''),
  }
}

export const ENVIRONMENT: Environment = {
  node: 'v24.21.0',
  platform: 'linux x64',
  cpu: '2 x Model | Name',
  dynotune: '0.1.0',
  engine: 'wasm',
}

export const DIVERGED: Reason = { code: 'trial.diverged', message: 'The loss became NaN at step 3.\nsecond line' }

function usual(number: number): FakeTrial {
  if (number % 8 === 5) return { state: 'infeasible', reason: DIVERGED }
  if (number === 18) {
    return {
      state: 'failed',
      reason: { code: 'trial.threw', message: 'boom | bang', stack: 'Error: boom\n    at run' },
    }
  }
  return number % 5 === 3 ? { state: 'stopped' } : {}
}

/** A bowl around a learning rate of 0.02, with a few other effects and noise. */
function finalError(params: Assignment, number: number): number {
  const rate = Math.log10(Number(params.learning_rate ?? params.x ?? 0.02)) + 1.7
  const layers = Math.abs(Number(params.layers ?? 3) - 3)
  const noise = createRandom(1, number, 'noise').next()
  return 0.02 + 0.05 * rate * rate + 0.02 * layers + (params.activation === 'tanh' ? 0.03 : 0) + 0.03 * noise
}

function curve(trial: TrialRecord | undefined, metric: string, steps: number): Measurement[] {
  if (!trial || trial.state === 'waiting') return []
  const end = trial.value ?? 1
  const length =
    trial.state === 'infeasible' ? Math.min(4, steps) : trial.state === 'stopped' ? Math.ceil(steps / 3) : steps
  return Array.from({ length }, (_, index) => {
    const noise = createRandom(2, trial.number, `step ${index}`).normal()
    const decay = Math.exp((-5 * index) / Math.max(1, steps - 1))
    const value = trial.state === 'infeasible' ? 10 ** index : end + (0.9 - end) * decay + 0.01 * noise * decay
    const last = trial.state === 'infeasible' && index === length - 1
    return { step: (index + 1) * 100, time: index, metrics: { [metric]: last ? Number.NaN : value } }
  })
}
