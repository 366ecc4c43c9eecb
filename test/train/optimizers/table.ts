import { adadelta } from '../../../src/train/optimizers/adadelta.ts'
import { adagrad } from '../../../src/train/optimizers/adagrad.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { adamax } from '../../../src/train/optimizers/adamax.ts'
import { adamw } from '../../../src/train/optimizers/adamw.ts'
import { amsgrad } from '../../../src/train/optimizers/amsgrad.ts'
import { lamb } from '../../../src/train/optimizers/lamb.ts'
import { larc } from '../../../src/train/optimizers/larc.ts'
import { lars } from '../../../src/train/optimizers/lars.ts'
import { lion } from '../../../src/train/optimizers/lion.ts'
import { lookahead } from '../../../src/train/optimizers/lookahead.ts'
import { nadam } from '../../../src/train/optimizers/nadam.ts'
import { nadamw } from '../../../src/train/optimizers/nadamw.ts'
import { novograd } from '../../../src/train/optimizers/novograd.ts'
import { radam } from '../../../src/train/optimizers/radam.ts'
import { rmsprop } from '../../../src/train/optimizers/rmsprop.ts'
import { rprop } from '../../../src/train/optimizers/rprop.ts'
import { scheduleFreeAdamW } from '../../../src/train/optimizers/schedule-free-adamw.ts'
import { scheduleFreeSgd } from '../../../src/train/optimizers/schedule-free-sgd.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { signum } from '../../../src/train/optimizers/signum.ts'
import type { Transformation } from '../../../src/train/optimizers/transformation.ts'

export interface Case {
  /** Named after the function, then its options. */
  readonly name: string
  readonly forParabola: Transformation
  readonly forRosenbrock: Transformation
}

export const PARABOLA_STEPS = 300
export const ROSENBROCK_STEPS = 4000

type Rate = number | ((step: number) => number)

function tried(name: string, make: (learningRate: Rate) => Transformation, parabola: Rate, rosenbrock: Rate): Case {
  return { name, forParabola: make(parabola), forRosenbrock: make(rosenbrock) }
}

/** To zero in a straight line, for those whose steps do not shrink with the gradient. */
function sinking(
  name: string,
  make: (learningRate: Rate) => Transformation,
  parabola: number,
  rosenbrock: number,
): Case {
  const linear = (rate: number, steps: number) => (step: number) => rate * (1 - step / steps)
  return tried(name, make, linear(parabola, PARABOLA_STEPS), linear(rosenbrock, ROSENBROCK_STEPS))
}

const momentum = 0.9

/** Every elementwise and layerwise optimizer, at rates that suit the two problems. */
export const cases: readonly Case[] = [
  tried('sgd', (learningRate) => sgd({ learningRate }), 0.1, 0.002),
  tried('sgd momentum', (learningRate) => sgd({ learningRate, momentum }), 0.1, 0.001),
  tried('sgd nesterov', (learningRate) => sgd({ learningRate, momentum, nesterov: true }), 0.1, 0.001),
  tried('sgd rateInside', (learningRate) => sgd({ learningRate, momentum, rateInside: true }), 0.1, 0.001),
  tried('adagrad', (learningRate) => adagrad({ learningRate }), 2, 0.2),
  sinking('adadelta', (learningRate) => adadelta({ learningRate }), 60, 1),
  sinking('rmsprop', (learningRate) => rmsprop({ learningRate }), 0.2, 0.005),
  sinking('rmsprop momentum', (learningRate) => rmsprop({ learningRate, momentum }), 0.02, 0.001),
  sinking('rmsprop centered', (learningRate) => rmsprop({ learningRate, centered: true, epsilon: 0.01 }), 0.2, 0.005),
  tried('adam', (learningRate) => adam({ learningRate }), 0.2, 0.1),
  tried('amsgrad', (learningRate) => amsgrad({ learningRate }), 0.2, 0.1),
  tried('adamw', (learningRate) => adamw({ learningRate }), 0.2, 0.1),
  tried('adamax', (learningRate) => adamax({ learningRate }), 0.2, 0.1),
  tried('nadam', (learningRate) => nadam({ learningRate }), 0.2, 0.01),
  tried('nadamw', (learningRate) => nadamw({ learningRate }), 0.2, 0.05),
  tried('radam', (learningRate) => radam({ learningRate }), 0.2, 0.01),
  { name: 'rprop', forParabola: rprop({ learningRate: 0.1 }), forRosenbrock: rprop({ learningRate: 0.1 }) },
  sinking('lion', (learningRate) => lion({ learningRate }), 0.2, 0.01),
  sinking('signum', (learningRate) => signum({ learningRate }), 0.2, 0.01),
  tried('lookahead', (learningRate) => lookahead(adam({ learningRate })), 0.5, 0.1),
  sinking('lamb', (learningRate) => lamb({ learningRate }), 0.2, 0.02),
  sinking('lars', (learningRate) => lars({ learningRate }), 20, 2),
  tried('larc', (learningRate) => larc({ learningRate, trustCoefficient: 0.1 }), 0.1, 0.001),
  sinking('novograd', (learningRate) => novograd({ learningRate }), 0.2, 0.02),
  tried('scheduleFreeSgd', (learningRate) => scheduleFreeSgd({ learningRate }), 0.5, 0.0015),
  tried('scheduleFreeAdamW', (learningRate) => scheduleFreeAdamW({ learningRate }), 1, 0.05),
]
