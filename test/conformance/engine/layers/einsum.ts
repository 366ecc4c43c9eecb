import type { Draw } from '../draw.ts'
import { floats } from '../draw.ts'
import { layer } from '../layer-case.ts'

const equations: [equation: string, ...shapes: (readonly number[])[]][] = [
  ['ij,jk->ik', [5, 7], [7, 3]],
  ['ij,kj->ik', [5, 7], [4, 7]],
  ['ji,jk->ki', [7, 5], [7, 3]],
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bij,jk->bik', [2, 3, 4], [4, 5]],
  ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bqhd,bkhd->bhqk', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['i,j->ij', [3], [4]],
  ['i,i->', [6], [6]],
  ['ij->ji', [3, 5]],
  ['ij->i', [3, 5]],
  ['ij->', [3, 5]],
  ['ij,ij->i', [4, 5], [4, 5]],
  ['bfd,bgd->bfg', [3, 4, 2], [3, 4, 2]],
  // A letter that is in one operand alone, and is summed.
  ['ij,kl->ik', [3, 4], [5, 2]],
  ['ijk,jl->il', [3, 4, 2], [4, 5]],
]

export const einsum = equations.map(([equation, ...shapes]) => {
  const draws: Record<string, Draw> = {}
  shapes.forEach((shape, i) => {
    draws[`operand${i}`] = floats(shape)
  })
  return layer(equation, draws, (tf, inputs) => tf.einsum(equation, ...Object.values(inputs)))
})
