import { choice, float, int } from '../../space/domain.ts'
import { ACTIVATIONS } from '../layers/activation.ts'
import { norms } from './norms.ts'
import { widths } from './widths.ts'

/** Part of a space, for `cnn({ image, classes, ...params, channels: widthsOf(params.channels) })`. */
export function cnnSpace() {
  return {
    channels: widths(8, 128),
    hidden: int(64, 1024, { scale: 'log', step: 2 }),
    activation: choice(ACTIVATIONS),
    norm: norms(),
    blockDropout: float(0, 0.5),
    hiddenDropout: float(0, 0.5),
  }
}
