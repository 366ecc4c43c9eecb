import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { sgd } from '../../../src/train/optimizers/sgd.ts'
import { descend } from './descend.ts'
import { cases, PARABOLA_STEPS, ROSENBROCK_STEPS } from './table.ts'

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** Converged as optax has it: within 0.03 and 3 % of the minimum, both problems and their beginnings too. */
function expectNear(params: number[] | undefined, minimum: readonly number[]): void {
  expect(params).toHaveLength(minimum.length)
  for (const [i, value] of minimum.entries())
    expect(Math.abs((params?.[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(0.03 + 0.03 * Math.abs(value))
}

describe.each(cases)('$name converges', ({ forParabola, forRosenbrock }) => {
  test('on a parabola', () => {
    const minimum = [1, -1, 1]
    const gradients = ([x = []]: number[][]) => [x.map((value, i) => 2 * (value - (minimum[i] ?? 0)))]
    const { evaluated } = descend(tf, forParabola, [[-1, 10, 1]], gradients, PARABOLA_STEPS)
    expectNear(evaluated.at(-1)?.[0], minimum)
  })

  test('on Rosenbrock, (1 - x)² + 100 (y - x²)²', () => {
    const gradients = ([[x = 0, y = 0] = []]: number[][]) => [[-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)]]
    const { evaluated } = descend(tf, forRosenbrock, [[0, 0]], gradients, ROSENBROCK_STEPS)
    expectNear(evaluated.at(-1)?.[0], [1, 1])
  })
})

test('gradient descent diverges just above the rate 2/L and converges just below', () => {
  // Curvature L = 4.
  const distance = (learningRate: number) => {
    const { path } = descend(tf, sgd({ learningRate }), [[1]], ([[x = 0] = []]) => [[4 * x]], 200)
    return Math.abs(path.at(-1)?.[0]?.[0] ?? Number.NaN)
  }
  expect(distance(0.49)).toBeLessThan(0.02)
  expect(distance(0.51)).toBeGreaterThan(50)
})

/** Named after their files as well: no optimizers, and optimizers with tests of their own. */
const PARTS = ['applyGradients', 'chain', 'scheduleFree']
const ELSEWHERE = [
  'adafactor',
  'ftrl',
  'groupAdam',
  'groupFtrl',
  'muon',
  'newton',
  'shampoo',
  'soap',
  'sparseGroupFtrl',
]

test('every function that its file is named after is in the table', async () => {
  const folder = resolve(import.meta.dirname, '../../../src/train/optimizers')
  const files = globSync('*.ts', { cwd: folder })
  const modules: Record<string, unknown>[] = await Promise.all(files.map((file) => import(resolve(folder, file))))
  const named = modules.flatMap((module, i) =>
    Object.keys(module).filter((name) => `${name.toLowerCase()}.ts` === files[i]?.replaceAll('-', '')),
  )
  const tried = new Set([...cases.map(({ name }) => name.split(' ')[0]), ...PARTS, ...ELSEWHERE])
  expect(named).toContain('scheduleFreeAdamW')
  expect(named.filter((name) => !tried.has(name))).toEqual([])
})
