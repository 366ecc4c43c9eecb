import type { Random } from '../../../numerics/random.ts'
import type { Dataset } from '../dataset.ts'
import { type Bayes, bayesOf } from './bayes.ts'
import type { Generated } from './generated.ts'

/** Of labels 0 and 1 that were drawn from probabilities. */
export interface LogisticTruth {
  /** Of the label 1, row by row. */
  readonly probabilities: readonly number[]
  readonly bayes: Bayes
}

/** Draws the label of each row. */
export function drawClasses(
  inputs: Dataset['inputs'],
  probabilities: readonly number[],
  random: Random,
): Generated<LogisticTruth> {
  const values = Int32Array.from(probabilities, (p) => (random.next() < p ? 1 : 0))
  return {
    dataset: { rows: probabilities.length, inputs, labels: { values, shape: [] } },
    truth: { probabilities, bayes: bayesOf(probabilities) },
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** The bias with which the mean of sigmoid(bias + score) is `rate`, by bisection. */
export function biasFor(scores: readonly number[], rate: number): number {
  let [low, high] = [-50, 50]
  for (let i = 0; i < 50; i++) {
    const bias = (low + high) / 2
    const mean = scores.reduce((sum, score) => sum + sigmoid(bias + score), 0) / scores.length
    if (mean < rate) low = bias
    else high = bias
  }
  return (low + high) / 2
}
