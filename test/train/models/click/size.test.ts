import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clickMlp } from '../../../../src/train/models/click/click-mlp.ts'
import { dcn } from '../../../../src/train/models/click/dcn.ts'
import { dcnMix } from '../../../../src/train/models/click/dcn-mix.ts'
import { dcnV2 } from '../../../../src/train/models/click/dcn-v2.ts'
import { mlpOfEqualSize } from '../../../../src/train/models/click/mlp-of-equal-size.ts'
import { countParameters } from '../../../../src/train/models/count-parameters.ts'

const toy = { features: 3 }

test('the published sizes of a cross layer and of a plain network for three features', () => {
  const config = { embedding: 1, crossLayers: 1, rank: 'full', hidden: [] } as const
  expect(countParameters(dcnV2(config, toy))).toBe(16)
  expect(countParameters(clickMlp({ embedding: 1, hidden: [512, 256, 128] }, toy))).toBe(166_401)
})

test('parameters are counted by the formulas of the layers, statistics left out', () => {
  const data = { features: 2, fields: 3, vocabulary: 50 }
  const [embedding, rank, experts, layers] = [4, 5, 2, 3]
  const d = 2 + 3 * embedding
  const config = { embedding, crossLayers: layers, hidden: [] }
  const table = 50 * embedding
  const sizes = [dcn(config, data), dcnV2({ ...config, rank: 'full' }, data), dcnV2({ ...config, rank }, data)]
  expect(sizes.map((model) => countParameters(model))).toEqual(
    [2 * d, d * d + d, 2 * d * rank + d].map((layer) => table + layers * layer + d + 1),
  )
  const expert = 2 * d * rank + rank * rank + 2 * d
  const mixture = dcnMix({ ...config, rank, experts }, data)
  expect(countParameters(mixture, { embeddings: false })).toBe(layers * experts * expert + d + 1)
  const normalized = clickMlp({ embedding, hidden: [7], norm: { kind: 'batch' } }, data)
  expect(countParameters(normalized, { embeddings: false })).toBe(d * 7 + 2 * 7 + 7 + 1)
})

test('a plain network of equal size is as near as its layers can be', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      (rank, crossLayers, depth) => {
        const data = { features: 4, fields: 5, vocabulary: 100 }
        const model = dcnV2({ embedding: 8, crossLayers, rank, hidden: [30] }, data)
        const rival = mlpOfEqualSize(model, { embedding: 8, depth }, data)
        const width = rival.parameters.find(({ name }) => name === 'head/kernel')?.shape[0] ?? Number.NaN
        const gap = (units: number) => {
          const hidden = Array.from({ length: depth }, () => units)
          return Math.abs(countParameters(clickMlp({ embedding: 8, hidden }, data)) - countParameters(model))
        }
        expect(Math.abs(countParameters(rival) - countParameters(model))).toBe(gap(width))
        expect(gap(width)).toBeLessThanOrEqual(Math.min(gap(width + 1), width > 1 ? gap(width - 1) : gap(width)))
      },
    ),
    { numRuns: 40 },
  )
})
