import { choice, float, int } from '../../space/domain.ts'

/** Part of a space, for `transformerClassifier({ vocabulary, length, classes, ...params })` and the language model. */
export function transformerSpace() {
  return {
    // Every width is a multiple of every number of heads.
    width: int(32, 256, { scale: 'log', step: 2 }),
    heads: int(1, 8, { scale: 'log', step: 2 }),
    blocks: int(1, 4),
    activation: choice(['relu', 'gelu']),
    positions: choice(['learned', 'sinusoidal']),
    dropout: float(0, 0.3),
    attentionDropout: float(0, 0.3),
  }
}
