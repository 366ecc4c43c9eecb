import fc, { type Arbitrary } from 'fast-check'
import { bool, choice, type Domain, fixed, float, int, type Scalar, type SpaceSpec } from '../../src/space/domain.ts'

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,5}$/).filter((text) => text !== 'kind')
const magnitude = fc.double({ min: -4, max: 4, noNaN: true }).map((exponent) => 10 ** exponent)
const share = fc.double({ min: 0, max: 1, noNaN: true })

const scalar: Arbitrary<Scalar> = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.integer({ min: -9, max: 9 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  fc.boolean(),
)

/** A linear range as [low, high], of any sign and size. */
const bounds = fc
  .tuple(fc.constantFrom(-1, 0, 1), magnitude, magnitude)
  .map(([sign, from, width]): [number, number] => [sign * from + 0, sign * from + width])

const floatDomain = fc.oneof(
  bounds.map(([low, high]) => float(low, high)),
  fc.tuple(magnitude, magnitude).map(([low, ratio]) => float(low, low * (1 + ratio), { scale: 'log' })),
  fc.tuple(bounds, share).map(([[low], tail]) => {
    const high = 1 - 10 ** (-1 - 5 * tail)
    return float(Math.min(low, high - 0.5), high, { scale: 'reverseLog' })
  }),
)

const steppedFloat = fc.oneof(
  fc
    .tuple(bounds, fc.integer({ min: 1, max: 20 }), share)
    .map(([[low, high], steps, slack]) => float(low, high, { step: (high - low) / (steps + slack) }))
    .filter(({ low, high, step }) => step !== undefined && low + step <= high),
  // As people write them: round decimals that binary cannot hold.
  fc
    .tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 20 }))
    .map(([low, step, steps]) => float(low / 10, (low + step * steps) / 10, { step: step / 10 }))
    .filter(({ low, high, step }) => step !== undefined && low + step <= high),
  fc
    .tuple(magnitude, fc.constantFrom(1.1, 2, 10), fc.integer({ min: 1, max: 8 }), share)
    .map(([low, step, steps, slack]) => float(low, low * step ** (steps + slack), { scale: 'log', step }))
    .filter(({ low, high, step }) => step !== undefined && low * step <= high),
)

const intDomain = fc.oneof(
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 30 })).map(([low, n]) => int(low, low + n)),
  fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 9 }))
    .map(([low, n, step]) => int(low, low + n * step + (n % step), { step })),
  fc
    .tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 200 }))
    .map(([low, n]) => int(low, low + n, { scale: 'log' })),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 5 }), fc.integer({ min: 1, max: 6 }))
    .map(([low, step, n]) => int(low, low * step ** n + n, { scale: 'log', step })),
)

const options = fc.oneof(
  fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((values) => choice(values)),
  fc.constant(bool()),
  scalar.map((value) => fixed(value)),
)

interface Settings {
  /** Only domains with finitely many values. Default: false. */
  readonly finite?: boolean
  /** How deep choices between branches may nest. Default: 3. */
  readonly depth?: number
}

/** Valid spaces of any shape: every domain and scale, with and without steps, and branches within branches. */
export function arbitrarySpec(settings: Settings = {}): Arbitrary<SpaceSpec> {
  const { finite = false, depth = 3 } = settings
  return level({ finite, depth }, 1).filter((spec) => {
    const names = flatNames(spec)
    return new Set(names).size === names.length
  })
}

function level(settings: Required<Settings>, minKeys: number): Arbitrary<SpaceSpec> {
  // A finite space is enumerated, so it must stay small.
  return fc.dictionary(name, domain(settings), { minKeys, maxKeys: settings.finite ? 2 : 4, noNullPrototype: true })
}

function domain({ finite, depth }: Required<Settings>): Arbitrary<Domain> {
  const flat: Arbitrary<Domain>[] = [steppedFloat, intDomain, options, ...(finite ? [] : [floatDomain])]
  if (depth === 0) return fc.oneof(...flat)
  const branches = fc
    .dictionary(name, level({ finite, depth: depth - 1 }, 0), { minKeys: 1, maxKeys: 3, noNullPrototype: true })
    .map((inner) => choice(inner))
  return fc.oneof(...flat, branches, branches)
}

function flatNames(spec: SpaceSpec, prefix = ''): string[] {
  return Object.entries(spec).flatMap(([key, domain]) => [
    prefix + key,
    ...(domain.type === 'branch'
      ? Object.entries(domain.branches).flatMap(([branch, inner]) => flatNames(inner, `${prefix}${branch}.`))
      : []),
  ])
}

/** Coordinates in [0, 1], the ends among them; `cycle` hands them out. */
export const arbitraryPoint: Arbitrary<readonly number[]> = fc.array(
  fc.oneof({ weight: 5, arbitrary: share }, { weight: 1, arbitrary: fc.constantFrom(0, 1) }),
  { minLength: 40, maxLength: 40 },
)

/** The coordinates one by one, over and over, for `space.sample`. */
export function cycle(coordinates: readonly number[]): () => number {
  let used = 0
  return () => coordinates[used++ % coordinates.length] ?? 0
}

/** The same space with the keys of every level in another order. */
export function reversed(spec: SpaceSpec): SpaceSpec {
  return Object.fromEntries(
    Object.entries(spec)
      .reverse()
      .map(([key, domain]): [string, Domain] => [
        key,
        domain.type === 'branch'
          ? choice(
              Object.fromEntries(
                Object.entries(domain.branches)
                  .reverse()
                  .map(([branch, inner]) => [branch, reversed(inner)]),
              ),
            )
          : domain,
      ]),
  )
}
