import type { LayerCase } from './layer-case.ts'
import { attention } from './layers/attention.ts'
import { convolution } from './layers/convolution.ts'
import { dense } from './layers/dense.ts'
import { einsum } from './layers/einsum.ts'
import { elementwise } from './layers/elementwise.ts'
import { lookup } from './layers/lookup.ts'
import { losses } from './layers/losses.ts'
import { matmul } from './layers/matmul.ts'
import { normalization } from './layers/normalization.ts'
import { pooling } from './layers/pooling.ts'
import { recurrent } from './layers/recurrent.ts'
import { shapes } from './layers/shapes.ts'

/** All cases by family. */
export const layers: Readonly<Record<string, readonly LayerCase[]>> = {
  dense,
  matmul,
  convolution,
  pooling,
  normalization,
  lookup,
  recurrent,
  attention,
  losses,
  einsum,
  elementwise,
  shapes,
}
