export interface BranchLoss {
  /** Seen since the checkpoint: examples or tokens, the same for all branches. */
  readonly examples: number
  readonly loss: number
}

export interface SmoothedLoss {
  readonly loss: number
  /** Its standard error, and the degrees of freedom that it was estimated with. */
  readonly error: number
  readonly degrees: number
}

/** The loss at a place by the line through losses around it, taken to scatter independently. Undefined for fewer than three. */
export function smoothedLoss(losses: readonly BranchLoss[], at: number): SmoothedLoss | undefined {
  const count = losses.length
  const degrees = count - 2
  if (degrees < 1) return undefined
  const centre = losses.reduce((sum, { examples }) => sum + examples, 0) / count
  const level = losses.reduce((sum, { loss }) => sum + loss, 0) / count
  // Of losses at one and the same place there is no line, and the slope is 0.
  const spread = losses.reduce((sum, { examples }) => sum + (examples - centre) ** 2, 0) || 1
  const slope = losses.reduce((sum, { examples, loss }) => sum + (examples - centre) * loss, 0) / spread
  const left = losses.reduce((sum, { examples, loss }) => sum + (loss - level - slope * (examples - centre)) ** 2, 0)
  const error = Math.sqrt((left / degrees) * (1 / count + (at - centre) ** 2 / spread))
  return { loss: level + slope * (at - centre), error, degrees }
}
