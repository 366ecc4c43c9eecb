import { bool, choice, float } from '../../space/domain.ts'
import { ACTIVATIONS } from '../layers/activation.ts'
import { norms } from './norms.ts'
import { widths } from './widths.ts'

/**
 * Part of a space, for `mlp({ inputs, classes, ...params, hidden: widthsOf(params.hidden) })`. What is spread after it takes
 * the place of its domains: `{ ...mlpSpace(), dropout: fixed(0) }`.
 */
export function mlpSpace() {
  return {
    hidden: widths(32, 512),
    activation: choice(ACTIVATIONS),
    norm: norms(),
    dropout: float(0, 0.5),
    residual: bool(),
  }
}
