import { choice, fixed, float } from '../../space/domain.ts'
import type { Params } from '../../space/params.ts'

export interface OptimizerSpaceOptions {
  /**
   * The study's budget, by which Adam and its kin have as many hyperparameters varied as it is good for: below 10 the learning
   * rate, from 10 β₁ too, from 25 ε, from 100 β₂ (the playbook says much more than 25). Default 25.
   */
  readonly trials?: number
}

/**
 * A choice between optimizers, each with its own hyperparameters: `optimizer: optimizerSpace()`. `optimizerFrom` makes an
 * optimizer of what a trial gets.
 *
 * Ranges are those of AlgoPerf's baselines (Dahl et al., arXiv 2306.07179), momentum's for Nesterov's as well; that of plain
 * SGD is Shallue et al.'s (arXiv 1811.03600). Those of ε and β₂ are our own.
 */
export function optimizerSpace({ trials = 25 }: OptimizerSpaceOptions = {}) {
  const gathered = {
    learningRate: float(2e-2, 5, { scale: 'log' }),
    momentum: float(0.7, 0.995, { scale: 'reverseLog' }),
    weightDecay: float(1e-7, 5e-5, { scale: 'log' }),
  }
  const adaptive = {
    learningRate: float(1e-4, 1e-2, { scale: 'log' }),
    beta1: trials < 10 ? fixed(0.9) : float(0.9, 0.996, { scale: 'reverseLog' }),
    beta2: trials < 100 ? fixed(0.999) : float(0.9, 0.9999, { scale: 'reverseLog' }),
    epsilon: trials < 25 ? fixed(1e-8) : float(1e-10, 1e-3, { scale: 'log' }),
  }
  const decayed = { ...adaptive, weightDecay: float(5e-3, 1, { scale: 'log' }) }
  return choice({
    sgd: { learningRate: float(1e-4, 10, { scale: 'log' }) },
    momentum: gathered,
    nesterov: gathered,
    adam: adaptive,
    adamw: decayed,
    nadamw: decayed,
  })
}

/** What a trial gets of an `optimizerSpace`. */
export type OptimizerParams = Params<{ optimizer: ReturnType<typeof optimizerSpace> }>['optimizer']
