export { type Batch, gatherBatch, uploadDataset } from './data/batch.ts'
export { createBatches } from './data/batches.ts'
export { type Dataset, takeRows } from './data/dataset.ts'
export { loadDigits } from './data/digits.ts'
export { type Split, type SplitOptions, splitDataset } from './data/split.ts'
export { evaluateClassifier } from './evaluate.ts'
export {
  type Best,
  type Evaluation,
  type TrainingConfig,
  type TrainingResult,
  type TrainingTrial,
  trainClassifier,
} from './loop.ts'
export { countCorrect, softmaxCrossEntropy } from './loss.ts'
export { dropout } from './models/dropout.ts'
export { type MlpConfig, mlp } from './models/mlp.ts'
export type { Model } from './models/model.ts'
export { type AdamConfig, type AdamState, adam, scaleByAdam } from './optimizers/adam.ts'
export { applyGradients, disposeReplaced, type Optimized, startOptimizer } from './optimizers/apply-gradients.ts'
export { chain } from './optimizers/chain.ts'
export { type Schedule, scaleByLearningRate } from './optimizers/learning-rate.ts'
export { scaleByMomentum } from './optimizers/momentum.ts'
export { type SgdConfig, sgd } from './optimizers/sgd.ts'
export type { Expressions, Transformation, Update } from './optimizers/transformation.ts'
export { disposeTraining, startTraining, type TrainingState, trainStep } from './step.ts'
export { parseWeights, readWeights, toTensors, type Weight } from './weights.ts'
