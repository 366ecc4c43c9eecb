import { studentQuantile } from '../../numerics/student-t.ts'
import { isAmount } from '../amount.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { type BranchLoss, type SmoothedLoss, smoothedLoss } from './smoothed-loss.ts'

/** Training that went on from a checkpoint with so many times the batch, its learning rate scaled to suit. */
export interface Branch {
  /** k: one of the branches has 1, the batch size of the checkpoint's training. */
  readonly factor: number
  /** By ascending examples. A loss that is not finite says that it diverged. */
  readonly curve: readonly BranchLoss[]
}

export interface LocalCriticalBatchOptions {
  /** The batch size of the checkpoint's training. */
  readonly batchSize: number
  /** How far above that of the branch with factor 1 a loss may be. Default 0.01. */
  readonly tolerance?: number
  /** The share at the end of the branches over which losses are smoothed, in (0, 1]. Default 0.25. */
  readonly window?: number
}

export interface LocalCriticalBatch {
  /**
   * The largest tested batch size up to which all losses are within the tolerance. The low end is the largest up to which all
   * surely are, the high end the smallest tested one that surely is not, infinite where none is: each at 95 %.
   */
  readonly batchSize: Estimate
  /** By ascending factor. */
  readonly branches: readonly BranchOutcome[]
  /** Examples at which losses are compared: the middle of the window. */
  readonly at: number
}

export interface BranchOutcome {
  readonly factor: number
  /** NaN where the branch diverged. */
  readonly loss: number
  /** Loss above that of the branch with factor 1. Infinite where the branch diverged. */
  readonly excess: Estimate
}

/**
 * The batch size that training could have at a checkpoint without falling behind in loss per example, by trying (Merrill et
 * al., arXiv 2505.23971): branches with multiples of the batch, compared after the same number of examples. Losses are smoothed by
 * a line over the end of each branch, with the error that its scatter gives it; the default tolerance and window are ours.
 */
export function localCriticalBatch(
  branches: readonly Branch[],
  { batchSize, tolerance = 0.01, window = 0.25 }: LocalCriticalBatchOptions,
): Finding<LocalCriticalBatch> {
  const sorted = branches.toSorted((a, b) => a.factor - b.factor)
  const wrong = sorted.find(({ factor }) => !(isAmount(factor) && factor >= 1))
  if (wrong) return unknown(`A branch has ${wrong.factor} times the batch; it has to be 1 or more.`)
  if (!isAmount(batchSize)) return unknown(`The batch size of the checkpoint is ${batchSize}.`)
  if (sorted[0]?.factor !== 1) return unknown('There is no branch with the batch size of the checkpoint.')
  if (sorted[1] === undefined) return unknown('There is no branch with a larger batch.')
  if (new Set(sorted.map(({ factor }) => factor)).size < sorted.length)
    return unknown('Two branches have the same batch size.')

  // One that diverged may have ended early, and says what it has to say at once.
  const [reference, ...others] = sorted.filter(({ curve }) => curve.every(({ loss }) => Number.isFinite(loss)))
  if (reference?.factor !== 1) return unknown('The branch with the batch size of the checkpoint diverged.')
  const end = Math.min(...[reference, ...others].map(({ curve }) => curve.at(-1)?.examples ?? 0))
  const from = (1 - window) * end
  const at = (from + end) / 2
  const losses = new Map<Branch, SmoothedLoss>()
  for (const branch of [reference, ...others]) {
    const ending = branch.curve.filter(({ examples }) => examples >= from && examples <= end)
    const smoothed = smoothedLoss(ending, at)
    if (!smoothed)
      return unknown(`The branch with ${branch.factor} times the batch has fewer than three losses to smooth.`)
    losses.set(branch, smoothed)
  }

  const outcomes = sorted.map((branch): BranchOutcome => {
    const loss = losses.get(branch)?.loss ?? Number.NaN
    return { factor: branch.factor, loss, excess: excessOf(losses.get(branch), losses.get(reference)) }
  })
  const upTo = (isWithin: (excess: Estimate) => boolean) => {
    const first = outcomes.findIndex(({ excess }) => !isWithin(excess))
    return batchSize * (outcomes.at(first === -1 ? -1 : Math.max(0, first - 1))?.factor ?? 1)
  }
  const beyond = outcomes.find(({ excess }) => excess.low > tolerance)
  return known({
    batchSize: {
      value: upTo(({ value }) => value <= tolerance),
      low: upTo(({ high }) => high <= tolerance),
      high: beyond ? batchSize * beyond.factor : Number.POSITIVE_INFINITY,
    },
    branches: outcomes,
    at,
  })
}

/** The difference of two losses with Welch's interval. */
function excessOf(one: SmoothedLoss | undefined, other: SmoothedLoss | undefined): Estimate {
  if (one === other) return { value: 0, low: 0, high: 0 }
  if (!one || !other) {
    const infinite = Number.POSITIVE_INFINITY
    return { value: infinite, low: infinite, high: infinite }
  }
  const value = one.loss - other.loss
  const [a, b] = [one.error ** 2, other.error ** 2]
  const degrees = a + b > 0 ? (a + b) ** 2 / (a ** 2 / one.degrees + b ** 2 / other.degrees) : 1
  const margin = studentQuantile(Math.max(1, Math.floor(degrees)), 0.95) * Math.sqrt(a + b)
  return { value, low: value - margin, high: value + margin }
}
