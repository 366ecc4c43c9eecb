import { createRandom } from '../../src/numerics/random.ts'
import type { Engine } from '../../src/study/engine.ts'
import { type TrainingConfig, train } from '../../src/train/index.ts'
import { bareSteps } from './bare-steps.ts'
import type { trainingOf } from './case.ts'
import type { minimizeSteps } from './minimize-steps.ts'

/** How many steps to time, after how many. */
export interface Span {
  readonly warmUp: number
  readonly steps: number
}

/** Milliseconds a step of the training loop. The evaluation comes after the steps that count. */
export async function timeLoop(
  engine: Engine,
  given: ReturnType<typeof trainingOf>,
  variant: Partial<TrainingConfig>,
  { warmUp, steps }: Span,
): Promise<number> {
  let [count, began, ended] = [0, 0, 0]
  const trial = {
    engine,
    random: (purpose: string) => createRandom(0, 0, purpose),
    report: () => {},
    checkpoint: { save: () => {}, load: () => undefined },
    /** Asked after every step. */
    shouldStop() {
      count += 1
      if (count === warmUp) began = performance.now()
      if (count === warmUp + steps) ended = performance.now()
      return false
    },
  }
  const all = warmUp + steps + 1
  await train(trial, { ...given, ...variant, steps: all, evaluateEvery: all })
  return (ended - began) / steps
}

/** Milliseconds a step of gradients and optimizer with nothing around them: ours, or TensorFlow.js's own. */
export async function timeBare(
  engine: Engine,
  given: ReturnType<typeof trainingOf>,
  { warmUp, steps }: Span,
  stepsOf: typeof bareSteps | typeof minimizeSteps = bareSteps,
): Promise<number> {
  const bare = stepsOf(await engine.load(), given)
  for (let i = 0; i < warmUp; i++) bare.step()
  const began = performance.now()
  for (let i = 0; i < steps; i++) bare.step()
  const ended = performance.now()
  bare.dispose()
  return (ended - began) / steps
}
