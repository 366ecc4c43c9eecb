import { isAmount } from '../amount.ts'

/** How long a run at a batch size took to reach a goal. */
export interface FrontierPoint {
  readonly batchSize: number
  /** Infinity where the goal was not reached. */
  readonly steps: number
  /** The steps that were tried. Needed where the goal was not reached. */
  readonly budget?: number
}

/** What is wrong with a point, if anything: a sentence. */
export function faultOf({ batchSize, steps, budget }: FrontierPoint): string | undefined {
  if (!isAmount(batchSize)) return `A batch size is ${batchSize}; it has to be positive and finite.`
  if (isAmount(steps)) return undefined
  if (steps !== Number.POSITIVE_INFINITY)
    return `At batch size ${batchSize} the steps are ${steps}; they have to be positive, and infinite where the goal was not reached.`
  if (budget !== undefined && isAmount(budget)) return undefined
  return `At batch size ${batchSize} the goal was not reached within ${budget ?? 'unknown'} steps; their number has to be positive and finite.`
}
