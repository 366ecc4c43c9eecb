import { expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import { descend } from './descend.ts'
import { cases } from './table.ts'

const random = createRandom(2, 0, 'gradients')
const vector = (length: number) => Array.from({ length }, () => random.normal())
const START = [vector(5), [vector(3), vector(3)], 0.5]
const GRADIENTS = Array.from({ length: 8 }, () => [vector(5), [vector(3), vector(3)], random.normal()])

test.each(cases)('$name is the same on wasm as on cpu', async ({ forParabola }) => {
  const paths: number[][] = []
  for (const name of ['cpu', 'wasm'] as const) {
    const tf = await (await createEngine(name)).load()
    const { path } = descend(tf, forParabola, START, (_, step) => GRADIENTS[step] ?? [], GRADIENTS.length)
    paths.push(path.flat(2))
  }
  const [cpu = [], wasm = []] = paths
  expect(wasm).toHaveLength(cpu.length)
  for (const [i, value] of cpu.entries())
    expect(Math.abs((wasm[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
})
