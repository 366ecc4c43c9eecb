import type { Tf } from '../../study/engine.ts'
import { adadeltaStep } from './native-steps/adadelta.ts'
import { adagradStep } from './native-steps/adagrad.ts'
import { adamStep, amsgradStep, nadamStep } from './native-steps/adam.ts'
import { ftrlStep } from './native-steps/ftrl.ts'
import { momentumStep } from './native-steps/momentum.ts'
import type { NativeStep } from './native-steps/native-step.ts'
import { reluGradient } from './native-steps/relu-gradient.ts'
import { rmsStep } from './native-steps/rms.ts'

/** Steps of optimizers, and a gradient, that TensorFlow has as one or a few operations. */
export function nativeSteps(tf: Tf): NativeStep[] {
  return [
    ...[false, true].flatMap((isDecayed) => [
      adamStep(tf, isDecayed),
      nadamStep(tf, isDecayed),
      momentumStep(tf, false, isDecayed),
      momentumStep(tf, true, isDecayed),
    ]),
    amsgradStep(tf),
    adagradStep(tf),
    adadeltaStep(tf),
    rmsStep(tf, false),
    rmsStep(tf, true),
    ftrlStep(tf),
    reluGradient(tf),
  ]
}
