import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/numerics/random.ts'
import { choice, fixed } from '../../../src/space/domain.ts'
import { createSpace } from '../../../src/space/space.ts'
import { clickModel } from '../../../src/train/models/click/click-model.ts'
import { dcnV2 } from '../../../src/train/models/click/dcn-v2.ts'
import { countParameters } from '../../../src/train/models/count-parameters.ts'
import { clickModelBranches, clickModelSpace } from '../../../src/train/spaces/click-model-space.ts'

const data = { features: 2, fields: 3, vocabulary: 40 }

describe('the space of click models', () => {
  const space = createSpace({ model: clickModelSpace() })
  const random = createRandom(0, 0, 'space')

  test.each(Object.keys(clickModelBranches))('describes %s, whatever its hyperparameters', (kind) => {
    for (let i = 0; i < 20; i++) {
      const assignment = space.sample(({ name, domain }) => {
        if (name !== 'model' || domain.type !== 'branch') return random.next()
        const kinds = Object.keys(domain.branches).sort()
        return (kinds.indexOf(kind) + 0.5) / kinds.length
      })
      const { model } = space.nest(assignment)
      expect(model.kind).toBe(kind)
      expect(countParameters(clickModel(model, data))).toBeGreaterThan(0)
    }
  })

  test('has a rank only where the matrices of DCN-V2 are of low rank', () => {
    const active = (rank: string) =>
      space
        .active({ model: 'dcnV2', 'dcnV2.rank': rank, 'dcnV2.low.rank': 4 })
        .map(({ name }) => name)
        .filter((name) => name.includes('rank'))
    expect(active('low')).toEqual(['dcnV2.rank', 'dcnV2.low.rank'])
    expect(active('full')).toEqual(['dcnV2.rank'])
  })

  test('may be cut down to some models and settings, and its parameters still make a model without a cast', () => {
    const { dcnV2: branch } = clickModelBranches
    const small = createSpace({ model: choice({ dcnV2: { ...branch, depth: fixed(1), width: fixed(32) } }) })
    const params = small.nest(small.sample(() => 0.99)).model
    const rank = params.rank.kind === 'low' ? params.rank.rank : 'full'
    const { depth: _, width, ...rest } = params
    expect(rank).toBe(128)
    expect(shapes(clickModel(params, data))).toEqual(shapes(dcnV2({ ...rest, rank, hidden: [width] }, data)))
  })
})

function shapes({ parameters }: ReturnType<typeof dcnV2>) {
  return parameters.map(({ name, shape }) => [name, shape])
}
