import { float, type SpaceSpec } from '../../../src/space/domain.ts'
import type { AnyParams } from '../../../src/space/params.ts'

/** Several values to be minimised at once, whose best trade-offs are known. */
export interface MultiProblem {
  readonly name: string
  readonly space: SpaceSpec
  readonly objectives: number
  evaluate(params: AnyParams): number[]
  /** The corner that volumes are measured from: a tenth beyond the worst values that there are. */
  readonly reference: readonly number[]
  /** The hypervolume of all best trade-offs together. */
  readonly best: number
}

const { PI: pi, sin, cos, sqrt } = Math

/** Zitzler, Deb and Thiele, "Comparison of Multiobjective Evolutionary Algorithms", Evol. Comput. 8, 2000: 30 variables. */
function zdt(name: string, shape: (f: number, g: number) => number): MultiProblem {
  const reference = [1.1, 11]
  return {
    ...onCube(name, 30),
    objectives: 2,
    evaluate(params) {
      const [f = 0, ...rest] = Object.values(params).map(Number)
      const g = 1 + (9 * rest.reduce((sum, x) => sum + x, 0)) / rest.length
      return [f, g * shape(f, g)]
    },
    reference,
    best: areaAbove((f) => shape(f, 1), reference),
  }
}

/** Deb, Thiele, Laumanns and Zitzler, "Scalable multi-objective optimization test problems", CEC 2002: 12 variables. */
const dtlz2: MultiProblem = {
  ...onCube('dtlz2', 12),
  objectives: 3,
  evaluate(params) {
    const [a = 0, b = 0, ...rest] = Object.values(params).map(Number)
    const radius = 1 + rest.reduce((sum, x) => sum + (x - 0.5) ** 2, 0)
    const [alpha, beta] = [(a * pi) / 2, (b * pi) / 2]
    return [radius * cos(alpha) * cos(beta), radius * cos(alpha) * sin(beta), radius * sin(alpha)]
  },
  reference: [3.85, 3.85, 3.85],
  // All but an eighth of the unit ball.
  best: 3.85 ** 3 - pi / 6,
}

export const MULTI_OBJECTIVE: readonly MultiProblem[] = [
  zdt('zdt1', (f, g) => 1 - sqrt(f / g)),
  zdt('zdt2', (f, g) => 1 - (f / g) ** 2),
  zdt('zdt3', (f, g) => 1 - sqrt(f / g) - (f / g) * sin(10 * pi * f)),
  dtlz2,
]

function onCube(name: string, dimensions: number): { name: string; space: SpaceSpec } {
  return { name, space: Object.fromEntries(Array.from({ length: dimensions }, (_, i) => [`x${i}`, float(0, 1)])) }
}

/** Between the front over [0, 1], less what is dominated, and the reference: by the rule of the middle. */
function areaAbove(front: (f: number) => number, [right = 0, top = 0]: readonly number[]): number {
  const parts = 200_000
  let area = 0
  let lowest = Number.POSITIVE_INFINITY
  for (let i = 0; i < parts; i++) {
    lowest = Math.min(lowest, front((i + 0.5) / parts))
    area += (top - lowest) / parts
  }
  return area + (right - 1) * (top - Math.min(lowest, front(1)))
}
