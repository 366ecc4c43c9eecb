export { type Batch, type Examples, gatherBatch, uploadDataset } from './data/batch.ts'
export { type Batches, type BatchPosition, createBatches, epochBatches } from './data/batches.ts'
export { type Column, type Dataset, takeRows } from './data/dataset.ts'
export type { DealOptions, Keys } from './data/deal.ts'
export { loadDigits } from './data/digits.ts'
export { type FoldOptions, type Folds, foldDataset, foldRows } from './data/folds.ts'
export { type Split, type SplitOptions, splitDataset, splitRows } from './data/split.ts'
export { evaluate } from './evaluate.ts'
export { type GradientOptions, type Gradients, gradientsOf } from './gradients.ts'
export { ACTIVATIONS, type Activation, activate } from './layers/activation.ts'
export { type BatchNormConfig, batchNorm, batchNormParameters } from './layers/batch-norm.ts'
export { dense, denseParameters } from './layers/dense.ts'
export { dropout } from './layers/dropout.ts'
export { INITIALIZERS, type Initializer, type InitializerName } from './layers/initializers.ts'
export { layerNorm, layerNormParameters } from './layers/layer-norm.ts'
export { type Norm, norm, normParameters } from './layers/norm.ts'
export { bestWeights } from './loop/best-weights.ts'
export { type CheckpointRule, chooseCheckpoint } from './loop/choose-checkpoint.ts'
export type { EvaluateOn } from './loop/config.ts'
export type { Reached, Target } from './loop/targets.ts'
export { type TestConfig, testBest } from './loop/test-best.ts'
export {
  type Best,
  type Evaluation,
  type TrainingConfig,
  type TrainingResult,
  type TrainingTrial,
  train,
} from './loop.ts'
export { type ForwardOptions, forward, inputOf, type Rows } from './models/forward.ts'
export { type MlpConfig, mlp } from './models/mlp.ts'
export type { Forward, Inputs, Model } from './models/model.ts'
export { type AdamConfig, type AdamState, adam, scaleByAdam } from './optimizers/adam.ts'
export { applyGradients, averagedParams, disposeReplaced, startOptimizer } from './optimizers/apply-gradients.ts'
export { chain } from './optimizers/chain.ts'
export { scaleByLearningRate } from './optimizers/learning-rate.ts'
export { scaleByMomentum } from './optimizers/momentum.ts'
export type { Optimized } from './optimizers/optimized.ts'
export type { Mask } from './optimizers/parts/mask.ts'
export type { MomentsConfig } from './optimizers/parts/moments.ts'
export { type SgdConfig, sgd } from './optimizers/sgd.ts'
export type { Expressions, Param, Transformation, Update } from './optimizers/transformation.ts'
export { addDecayedWeights, type WeightDecay } from './optimizers/transformations/weight-decay.ts'
export type { Parameter, ParameterInfo, Role } from './parameter.ts'
export {
  type GradualWarmupConfig,
  gradualWarmup,
  linearScaling,
  type Reference,
  squareRootScaling,
} from './schedules/batch-scaling.ts'
export { batchSizeSchedule, type GrowBatchConfig, growBatch } from './schedules/batch-size.ts'
export { chainedSchedule } from './schedules/chained.ts'
export { type ConstantConfig, constantSchedule } from './schedules/constant.ts'
export { type CosineConfig, cosineAnnealing, cosineDecay } from './schedules/cosine.ts'
export { type CyclicConfig, cyclic } from './schedules/cyclic.ts'
export { type ExponentialConfig, exponentialDecay } from './schedules/exponential.ts'
export { inverseSquareRoot, noam } from './schedules/inverse-square-root.ts'
export { type LinearConfig as LinearScheduleConfig, linearSchedule } from './schedules/linear.ts'
export { type OneCycleConfig, oneCycle } from './schedules/one-cycle.ts'
export { type Ease, type Point, piecewiseSchedule } from './schedules/piecewise.ts'
export { type PolynomialConfig, polynomialDecay } from './schedules/polynomial.ts'
export {
  type PlateauState,
  type ReduceOnPlateau,
  type ReduceOnPlateauConfig,
  reduceOnPlateau,
} from './schedules/reduce-on-plateau.ts'
export { between, scaled } from './schedules/scaled.ts'
export { lambdaSchedule, type Schedule } from './schedules/schedule.ts'
export { type SequentialConfig, sequentialSchedule } from './schedules/sequential.ts'
export { type MultiStepDecayConfig, multiStepDecay, type StepDecayConfig, stepDecay } from './schedules/step-decay.ts'
export { type TrapezoidConfig, trapezoid } from './schedules/trapezoid.ts'
export { cosineWarmRestarts, type WarmRestartsConfig } from './schedules/warm-restarts.ts'
export { type WarmupConfig, warmup } from './schedules/warmup.ts'
export { disposeTraining, startTraining, type Training, type TrainingState, trainStep } from './step.ts'
export { binaryClassification, sigmoidCrossEntropy } from './tasks/binary-classification.ts'
export { classification, softmaxCrossEntropy } from './tasks/classification.ts'
export { type NextTokenConfig, nextToken } from './tasks/next-token.ts'
export { regression } from './tasks/regression.ts'
export type { Task } from './tasks/task.ts'
export { initialWeights, parseWeights, readWeights, toTensors, type Weight } from './weights.ts'
