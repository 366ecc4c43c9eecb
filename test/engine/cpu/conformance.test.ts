import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { slopesOf } from '../../conformance/engine/finite-difference.ts'
import { layers } from '../../conformance/engine/layers.ts'
import { engineConformance } from '../../conformance/engine.ts'

await engineConformance('cpu')

// The other engines are held to this one; this one is held to finite differences of its own outputs.
describe('the gradients of the cpu engine are slopes', () => {
  for (const [family, cases] of Object.entries(layers)) {
    const smooth = cases.filter(({ gradients, rough }) => gradients && !rough)
    for (const each of smooth) {
      test(`${family}: ${each.name}`, async () => {
        const { computed, measured, tolerance } = await slopesOf(await createEngine('cpu'), each)
        expect(Math.abs(computed - measured)).toBeLessThanOrEqual(tolerance)
      })
    }
  }
})
