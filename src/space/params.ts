import type {
  BoolDomain,
  BranchDomain,
  Branches,
  ChoiceDomain,
  FixedDomain,
  FloatDomain,
  IntDomain,
  Scalar,
  SpaceSpec,
} from './domain.ts'

/**
 * Parameters by flat name, as samplers, the store and the reports handle them. A conditional parameter is named after its
 * branch: `{ optimizer: 'sgd', 'sgd.momentum': 0.9 }`. Only active parameters are present.
 */
export type Assignment = { readonly [name: string]: Scalar }

/** Parameters as `run` sees them: nested, with a discriminated union on `kind` for every choice between branches. */
export type Params<S extends SpaceSpec> = { readonly [Name in keyof S]: ParamOf<S[Name]> }

type ParamOf<D> = D extends FloatDomain | IntDomain
  ? number
  : D extends BoolDomain
    ? boolean
    : D extends FixedDomain<infer V>
      ? V
      : D extends ChoiceDomain<infer V>
        ? V
        : D extends BranchDomain<infer B>
          ? BranchParams<B>
          : never

type BranchParams<B extends Branches> = {
  [Kind in keyof B & string]: { readonly kind: Kind } & Params<B[Kind]>
}[keyof B & string]

/** Parameters of a space that is not known at compile time. */
export type AnyParams = Params<SpaceSpec>
