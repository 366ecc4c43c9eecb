import { adadelta } from '../../src/train/optimizers/adadelta.ts'
import { adafactor } from '../../src/train/optimizers/adafactor.ts'
import { adagrad } from '../../src/train/optimizers/adagrad.ts'
import { adam } from '../../src/train/optimizers/adam.ts'
import { adamax } from '../../src/train/optimizers/adamax.ts'
import { adamw } from '../../src/train/optimizers/adamw.ts'
import { amsgrad } from '../../src/train/optimizers/amsgrad.ts'
import { ftrl } from '../../src/train/optimizers/ftrl.ts'
import { groupAdam } from '../../src/train/optimizers/group-adam.ts'
import { groupFtrl } from '../../src/train/optimizers/group-ftrl.ts'
import { lamb } from '../../src/train/optimizers/lamb.ts'
import { larc } from '../../src/train/optimizers/larc.ts'
import { lars } from '../../src/train/optimizers/lars.ts'
import { lion } from '../../src/train/optimizers/lion.ts'
import { lookahead } from '../../src/train/optimizers/lookahead.ts'
import { muon } from '../../src/train/optimizers/muon.ts'
import { nadam } from '../../src/train/optimizers/nadam.ts'
import { nadamw } from '../../src/train/optimizers/nadamw.ts'
import { novograd } from '../../src/train/optimizers/novograd.ts'
import { radam } from '../../src/train/optimizers/radam.ts'
import { rmsprop } from '../../src/train/optimizers/rmsprop.ts'
import { rprop } from '../../src/train/optimizers/rprop.ts'
import { scheduleFreeAdamW } from '../../src/train/optimizers/schedule-free-adamw.ts'
import { scheduleFreeSgd } from '../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../src/train/optimizers/sgd.ts'
import { shampoo } from '../../src/train/optimizers/shampoo.ts'
import { signum } from '../../src/train/optimizers/signum.ts'
import { soap } from '../../src/train/optimizers/soap.ts'
import { sparseGroupFtrl } from '../../src/train/optimizers/sparse-group-ftrl.ts'
import type { Transformation } from '../../src/train/optimizers/transformation.ts'

/** An optimizer of the benchmark. */
export interface Subject {
  readonly optimizer: Transformation
  /** What `peers/torch_optimizers.py` calls the one that does the same. */
  readonly peer?: string
  /** Where PyTorch has none: the one that does about as much. */
  readonly nearest?: string
  /** Steps in which its work repeats. Default 1. */
  readonly cycle?: number
  /** The matrices are tables, whose rows are groups. Default false. */
  readonly tables?: boolean
}

const learningRate = 1e-3

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  sgd: { optimizer: sgd({ learningRate }), peer: 'sgd' },
  momentum: { optimizer: sgd({ learningRate, momentum: 0.9 }), peer: 'momentum' },
  nesterov: { optimizer: sgd({ learningRate, momentum: 0.9, nesterov: true }), peer: 'nesterov' },
  adagrad: { optimizer: adagrad({ learningRate }), peer: 'adagrad' },
  adadelta: { optimizer: adadelta({ learningRate }), peer: 'adadelta' },
  rmsprop: { optimizer: rmsprop({ learningRate }), peer: 'rmsprop' },
  'rmsprop centered': { optimizer: rmsprop({ learningRate, centered: true }), peer: 'rmsprop centered' },
  rprop: { optimizer: rprop({ learningRate }), peer: 'rprop' },
  adam: { optimizer: adam({ learningRate }), peer: 'adam' },
  amsgrad: { optimizer: amsgrad({ learningRate }), peer: 'amsgrad' },
  adamw: { optimizer: adamw({ learningRate }), peer: 'adamw' },
  adamax: { optimizer: adamax({ learningRate }), peer: 'adamax' },
  nadam: { optimizer: nadam({ learningRate }), peer: 'nadam' },
  nadamw: { optimizer: nadamw({ learningRate }), nearest: 'nadam' },
  radam: { optimizer: radam({ learningRate }), peer: 'radam' },
  lion: { optimizer: lion({ learningRate }), nearest: 'momentum' },
  signum: { optimizer: signum({ learningRate }), nearest: 'momentum' },
  lars: { optimizer: lars({ learningRate }), nearest: 'momentum' },
  larc: { optimizer: larc({ learningRate }), nearest: 'momentum' },
  lamb: { optimizer: lamb({ learningRate }), nearest: 'adamw' },
  novograd: { optimizer: novograd({ learningRate }), nearest: 'momentum' },
  lookahead: { optimizer: lookahead(adam({ learningRate })), nearest: 'adam', cycle: 5 },
  scheduleFreeSgd: { optimizer: scheduleFreeSgd({ learningRate }), nearest: 'momentum' },
  scheduleFreeAdamW: { optimizer: scheduleFreeAdamW({ learningRate }), nearest: 'adamw' },
  adafactor: { optimizer: adafactor(), peer: 'adafactor' },
  ftrl: { optimizer: ftrl({ learningRate, l1: 1e-4 }), nearest: 'adagrad' },
  groupFtrl: { optimizer: groupFtrl({ learningRate, l21: 1e-4 }), nearest: 'adagrad', tables: true },
  sparseGroupFtrl: {
    optimizer: sparseGroupFtrl({ learningRate, l1: 1e-4, l21: 1e-4 }),
    nearest: 'adagrad',
    tables: true,
  },
  groupAdam: { optimizer: groupAdam({ learningRate, l21: 1e-4 }), nearest: 'adam', tables: true },
  muon: { optimizer: muon({ learningRate }), peer: 'muon' },
  shampoo: { optimizer: shampoo({ learningRate }), cycle: 20 },
  soap: { optimizer: soap({ learningRate }), cycle: 10 },
}
