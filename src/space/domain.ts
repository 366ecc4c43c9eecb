/** A value that one parameter can take. */
export type Scalar = string | number | boolean

/**
 * How a numeric range is spread over the unit interval: evenly; evenly in log x; or evenly in log(1 - x), for numbers
 * that matter by their distance to one (momentum, beta).
 */
export type Scale = 'linear' | 'log' | 'reverseLog'

export interface RangeOptions {
  /** Default `linear`. */
  readonly scale?: Scale
  /**
   * Spacing of the allowed values, counted from `low` along the scale: a difference on `linear`, a ratio between
   * neighbours on `log` (`int(16, 256, { scale: 'log', step: 2 })` is 16, 32, 64, 128, 256). The last value is the
   * largest that does not pass `high`. Not with `reverseLog`.
   */
  readonly step?: number
}

export interface FloatDomain {
  readonly type: 'float'
  readonly low: number
  readonly high: number
  readonly scale: Scale
  readonly step?: number
}

export interface IntDomain {
  readonly type: 'int'
  readonly low: number
  readonly high: number
  readonly scale: Scale
  readonly step?: number
}

export interface ChoiceDomain<V extends Scalar = Scalar> {
  readonly type: 'choice'
  readonly values: readonly V[]
}

/** A choice that opens further parameters: one sub-space a branch. */
export interface BranchDomain<B extends Branches = Branches> {
  readonly type: 'branch'
  readonly branches: B
}

export interface BoolDomain {
  readonly type: 'bool'
}

export interface FixedDomain<V extends Scalar = Scalar> {
  readonly type: 'fixed'
  readonly value: V
}

export type Domain = FloatDomain | IntDomain | ChoiceDomain | BranchDomain | BoolDomain | FixedDomain

/** A search space as its author writes it: parameter names to domains. */
export interface SpaceSpec {
  readonly [name: string]: Domain
}

export interface Branches {
  readonly [branch: string]: SpaceSpec
}

/** A real number in [low, high]. Ranges are checked when a space is made of them, where the name is known. */
export function float(low: number, high: number, options: RangeOptions = {}): FloatDomain {
  return { type: 'float', low, high, scale: options.scale ?? 'linear', ...stepOf(options) }
}

/** An integer in [low, high], both ends included. */
export function int(low: number, high: number, options: RangeOptions = {}): IntDomain {
  return { type: 'int', low, high, scale: options.scale ?? 'linear', ...stepOf(options) }
}

/** True or false. */
export function bool(): BoolDomain {
  return { type: 'bool' }
}

/** A constant: part of every trial's parameters, never varied. */
export function fixed<const V extends Scalar>(value: V): FixedDomain<V> {
  return { type: 'fixed', value }
}

/**
 * One of several values, or one of several branches with parameters of their own:
 * `choice(['relu', 'tanh'])`, `choice({ sgd: { momentum: float(0, 0.99) }, adam: { beta1: float(0.8, 0.99) } })`.
 * A branch shows in the parameters as `{ kind: 'sgd', momentum: 0.9 }`, a discriminated union.
 */
export function choice<const V extends Scalar>(values: readonly V[]): ChoiceDomain<V>
export function choice<const B extends Branches>(branches: B): BranchDomain<B>
export function choice(options: readonly Scalar[] | Branches): ChoiceDomain | BranchDomain {
  return isValues(options) ? { type: 'choice', values: options } : { type: 'branch', branches: options }
}

function isValues(options: readonly Scalar[] | Branches): options is readonly Scalar[] {
  return Array.isArray(options)
}

function stepOf(options: RangeOptions): { step?: number } {
  return options.step === undefined ? {} : { step: options.step }
}
