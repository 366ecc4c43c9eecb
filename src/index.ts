export { DynotuneError, type ErrorCode, type ErrorDetails } from './errors.ts'
export { createRandom, type Random } from './numerics/random.ts'
export { grid } from './samplers/grid.ts'
export { halton } from './samplers/halton.ts'
export { random } from './samplers/random.ts'
export { type AskedTrial, createTuner, type Told, type Tuner, type TunerOptions } from './scheduler/tuner.ts'
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
export { createSpace, type Parameter, type Space } from './space/space.ts'
export type { Engine, EngineName, Tf } from './study/engine.ts'
export type { Sampler } from './study/sampler.ts'
export {
  type Budget,
  defineStudy,
  type Limits,
  type Study,
  type StudyConfig,
  type StudyDefinition,
} from './study/study.ts'
export type { Checkpoint, Measurement, Metrics, Reason, Report, RunResult, Trial, TrialState } from './study/trial.ts'
export type { Goal, StudyView, TrialView } from './study/view.ts'
