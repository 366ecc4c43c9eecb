import { bool, float, int } from '../../space/domain.ts'

/** Part of a space, for `lstmNextWord({ vocabulary, ...params })`. */
export function lstmSpace() {
  return {
    embedding: int(8, 128, { scale: 'log', step: 2 }),
    units: int(32, 256, { scale: 'log', step: 2 }),
    dropout: float(0, 0.5),
    tied: bool(),
  }
}
