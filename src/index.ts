export { stepsToTarget, stepsToTargets } from './analysis/critical-batch-size/steps-to-target.ts'
export { DynotuneError, type ErrorCode, type ErrorDetails } from './errors.ts'
export { createRandom, type Random } from './numerics/random.ts'
export * as pruners from './pruners/index.ts'
export { auto } from './samplers/auto.ts'
export { type BohbOptions, bohb } from './samplers/bohb.ts'
export { type CmaEsOptions, cmaEs } from './samplers/cma-es.ts'
export { type GaussianProcessOptions, gaussianProcess } from './samplers/gaussian-process.ts'
export { type GridOptions, grid } from './samplers/grid.ts'
export { halton } from './samplers/halton.ts'
export { type LatinHypercubeOptions, latinHypercube } from './samplers/latin-hypercube.ts'
export { type Nsga2Options, nsga2 } from './samplers/nsga2.ts'
export { type PbtOptions, pbt } from './samplers/pbt.ts'
export { random } from './samplers/random.ts'
export { smsEgo } from './samplers/sms-ego.ts'
export { sobol } from './samplers/sobol.ts'
export { type TpeOptions, tpe } from './samplers/tpe.ts'
export type { Told } from './scheduler/told.ts'
export { type AskedTrial, createTuner, type Tuner, type TunerOptions } from './scheduler/tuner.ts'
export {
  bool,
  choice,
  type Domain,
  fixed,
  float,
  int,
  type Scalar,
  type Scale,
  type SpaceSpec,
} from './space/domain.ts'
export type { Assignment, Params } from './space/params.ts'
export type { PartialParams } from './space/partial.ts'
export { createSpace, type Parameter, type Space } from './space/space.ts'
export type { CriticalBatchSizeQuestion, MetricTarget } from './study/critical-batch-size.ts'
export type { Engine, EngineName, Tf } from './study/engine.ts'
export type { Pruner, PrunerDecision } from './study/pruner.ts'
export type { Sampler } from './study/sampler.ts'
export {
  type Budget,
  defineStudy,
  type Limits,
  type Role,
  type Study,
  type StudyConfig,
  type StudyDefinition,
} from './study/study.ts'
export type { Checkpoint, Measurement, Metrics, Reason, Report, RunResult, Trial, TrialState } from './study/trial.ts'
export type {
  Bound,
  CurvePoint,
  EarlierTrial,
  Goal,
  Objective,
  StudyView,
  TrialView,
} from './study/view.ts'
