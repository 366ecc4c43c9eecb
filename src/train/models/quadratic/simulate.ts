import type { Random } from '../../../numerics/random.ts'
import { checkSteps, type QuadraticProblem, type QuadraticSteps } from './problem.ts'

/** The mean loss of some steps in a row, and the step in the middle of them. */
export interface MeanLoss {
  readonly step: number
  readonly loss: number
}

/** The last step of a mean, as a multiple of the first. */
const SPAN = 1.1
/** Losses that a mean is taken of, at most: they cost as much as steps. */
const LOSSES = 50

/**
 * Trains on the problem from θ = 1 with gradients whose noise is drawn, and yields the loss as it goes. Without end: whoever asks
 * for no more has enough. The loss of single steps scatters by more than a step gains, so that it is averaged: over stretches of
 * steps, each a tenth longer than the last, and over two runs whose noise has opposite signs, by which what is first order in the
 * noise cancels. The noise of a step is ±√(variance) with even odds in each dimension: second moments, and with them the
 * expected loss, are those of any noise with that variance (see `expectedLoss`).
 * @throws DynotuneError `optimizer.invalid`
 */
export function* simulateQuadratic(
  { curvatures, noise }: QuadraticProblem,
  steps: Omit<QuadraticSteps, 'momentum'>,
  random: Random,
): Generator<MeanLoss, never> {
  checkSteps(steps)
  const { rate, batchSize, preconditioning: p = 0 } = steps
  const kept = Float64Array.from(curvatures, (h) => 1 - rate * h ** (1 - p))
  const noises = Float64Array.from(curvatures, (h, i) => rate * h ** -p * Math.sqrt((noise[i] ?? 0) / batchSize))
  // Of the two runs, half their sum and half their difference: the one is what noise does not touch, the other all that it does.
  const common = new Float64Array(curvatures.length).fill(1)
  const apart = new Float64Array(curvatures.length)
  for (let step = 1; ; ) {
    const first = step
    const last = Math.ceil(first * SPAN)
    const every = Math.ceil((last + 1 - first) / LOSSES)
    let sum = 0
    let count = 0
    for (; step <= last; step++) {
      makeStep(common, apart, kept, noises, random)
      if ((last - step) % every > 0) continue
      sum += lossOf(curvatures, common) + lossOf(curvatures, apart)
      count++
    }
    yield { step: Math.round((first + last) / 2), loss: sum / count }
  }
}

/** One random number serves 32 dimensions: as many signs. */
function makeStep(
  common: Float64Array,
  apart: Float64Array,
  kept: Float64Array,
  noises: Float64Array,
  random: Random,
): void {
  for (let i = 0; i < common.length; ) {
    let signs = random.int(2 ** 32) | 0
    const end = Math.min(common.length, i + 32)
    for (; i < end; i++) {
      const factor = kept[i] ?? 0
      common[i] = (common[i] ?? 0) * factor
      apart[i] = (apart[i] ?? 0) * factor + (noises[i] ?? 0) * (2 * (signs & 1) - 1)
      signs >>>= 1
    }
  }
}

function lossOf(curvatures: Float64Array, place: Float64Array): number {
  let loss = 0
  for (let i = 0; i < place.length; i++) loss += ((curvatures[i] ?? 0) * (place[i] ?? 0) ** 2) / 2
  return loss
}
