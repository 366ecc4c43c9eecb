import { adam } from '../optimizers/adam.ts'
import { adamw } from '../optimizers/adamw.ts'
import { nadamw } from '../optimizers/nadamw.ts'
import { sgd } from '../optimizers/sgd.ts'
import type { Transformation } from '../optimizers/transformation.ts'
import { scaled } from '../schedules/scaled.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { OptimizerParams } from './optimizer-space.ts'

/**
 * The optimizer that a trial got of an `optimizerSpace`.
 * @param schedule factors of its learning rate by step. Default: constant
 */
export function optimizerFrom(params: OptimizerParams, schedule?: Schedule): Transformation {
  const learningRate = schedule ? scaled(params.learningRate, schedule) : params.learningRate
  switch (params.kind) {
    case 'sgd':
    case 'momentum':
      return sgd({ ...params, learningRate })
    case 'nesterov':
      return sgd({ ...params, learningRate, nesterov: true })
    case 'adam':
      return adam({ ...params, learningRate })
    case 'adamw':
      return adamw({ ...params, learningRate })
    case 'nadamw':
      return nadamw({ ...params, learningRate })
  }
}
