import type { Tensor } from '@tensorflow/tfjs-core'
import type { Forward } from '../models/model.ts'
import type { Parameter } from '../parameter.ts'
import { type Activation, activate, initializerOf } from './activation.ts'
import { type AttentionConfig, attention, attentionParameters } from './attention.ts'
import { dense, denseParameters } from './dense.ts'
import { dropout } from './dropout.ts'
import { glorotUniform, INITIALIZERS } from './initializers.ts'
import { layerNorm, layerNormParameters } from './layer-norm.ts'

export interface TransformerBlockConfig {
  readonly width: number
  /** Units between the two dense layers. */
  readonly inner: number
  readonly activation: Activation
  readonly attention: AttentionConfig
  /** Share of what each half adds that is dropped while training. */
  readonly dropout: number
}

/** `name/norm1`, `name/attention`, `name/norm2`, `name/expand` and `name/contract`. */
export function transformerBlockParameters(
  name: string,
  { width, inner, activation }: TransformerBlockConfig,
): Parameter[] {
  return [
    ...layerNormParameters(`${name}/norm1`, width),
    ...attentionParameters(`${name}/attention`, width),
    ...layerNormParameters(`${name}/norm2`, width),
    ...denseParameters(`${name}/expand`, width, inner, INITIALIZERS[initializerOf(activation)]),
    ...denseParameters(`${name}/contract`, inner, width, glorotUniform),
  ]
}

/**
 * x + attention(norm(x)), then x + dense(activation(dense(norm(x)))): the norms come first, so that deep stacks train without
 * warmup. Vaswani et al., NeurIPS 2017; Xiong et al., ICML 2020, figure 1b. Agrees with `torch.nn.TransformerEncoderLayer`
 * with `norm_first`.
 * @param x [rows, time, width]
 * @param mask as `attentionMask` makes it
 */
export function transformerBlock(
  forward: Forward,
  name: string,
  x: Tensor,
  config: TransformerBlockConfig,
  mask?: Tensor,
): Tensor {
  const { tf } = forward
  const plus = (sum: Tensor, part: Tensor) => tf.add(sum, dropout(forward, part, config.dropout))
  const seen = attention(forward, `${name}/attention`, layerNorm(forward, `${name}/norm1`, x), config.attention, mask)
  const mixed = plus(x, seen)
  const expanded = dense(forward, `${name}/expand`, layerNorm(forward, `${name}/norm2`, mixed))
  const inner = activate(forward, `${name}/expand`, expanded, config.activation)
  return plus(mixed, dense(forward, `${name}/contract`, inner))
}
