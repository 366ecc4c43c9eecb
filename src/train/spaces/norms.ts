import { choice, int } from '../../space/domain.ts'

/** No norm, batch norm, ghost batch norm of 16 to 256 rows, or layer norm: what a trial gets is a `Norm`. */
export function norms() {
  return choice({ none: {}, batch: {}, ghost: { size: int(16, 256, { scale: 'log', step: 2 }) }, layer: {} })
}
