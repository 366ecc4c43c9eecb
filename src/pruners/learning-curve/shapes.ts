/** What is left to learn at x, the share of the training in (0, 1]: falls towards 0. */
type Shape = (x: number) => number

const RATES = [1, 2, 4, 8, 16, 32]

/**
 * Curves that a loss may follow, y = a + b shape(x): families that Domhan et al. (IJCAI 2015, table 1) and Viering and Loog
 * (arXiv 2103.10948, table 1) list, the one or two parameters of each on a grid, so that a fit is a formula. They are those
 * that are linear in a and b, whence neither the scale of a metric matters nor its sign.
 */
const FAMILIES: readonly (readonly Shape[])[] = [
  // Power law, x^-c, and its limit at c = 0.
  [
    (x) => -Math.log(x),
    ...[0.25, 0.5, 0.75, 1, 1.5, 2].map(
      (c): Shape =>
        (x) =>
          x ** -c,
    ),
  ],
  // Exponential, exp(-k x).
  RATES.map(
    (k): Shape =>
      (x) =>
        Math.exp(-k * x),
  ),
  // Janoschek, exp(-k x^c).
  RATES.flatMap((k) =>
    [0.25, 0.5, 0.75].map(
      (c): Shape =>
        (x) =>
          Math.exp(-k * x ** c),
    ),
  ),
  // Morgan-Mercer-Flodin, 1 / (1 + (k x)^c), which the log power is too.
  RATES.flatMap((k) =>
    [0.5, 1, 2].map(
      (c): Shape =>
        (x) =>
          1 / (1 + (k * x) ** c),
    ),
  ),
  // Inverse logarithm, 1 / log(e k x + 1).
  [1, 4, 16, 64].map(
    (k): Shape =>
      (x) =>
        1 / Math.log(Math.E * k * x + 1),
  ),
]

const SHAPES = FAMILIES.flat()

export const SHAPE_COUNT = SHAPES.length

/** What a shape counts for before any curve is seen: as much for every family, however fine its grid. Sums to 1. */
export const EQUAL_SHARES = Float64Array.from(
  FAMILIES.flatMap((family) => family.map(() => 1 / family.length / FAMILIES.length)),
)

/** Curves of a study mostly report at the same steps, so the shapes there are kept: a cache of a pure function. */
const kept = new Map<number, Float64Array>()
const MOST_KEPT = 4096

/** Every shape at one x in (0, 1]. Not to be written to. */
export function shapesAt(x: number): Float64Array {
  const found = kept.get(x)
  if (found) return found
  if (kept.size >= MOST_KEPT) kept.clear()
  const values = Float64Array.from(SHAPES, (shape) => shape(x))
  kept.set(x, values)
  return values
}
