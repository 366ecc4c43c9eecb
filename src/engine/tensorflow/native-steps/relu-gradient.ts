import type { Tf } from '../../../study/engine.ts'
import { greater, select } from '../../fusion/expression.ts'
import { locate } from './locate.ts'
import type { NativeCall, NativeStep } from './native-step.ts'

/** dy where x > 0, else 0. */
export function reluGradient(tf: Tf): NativeStep {
  const { key, place } = locate(tf, ([dy, x]) => [select(greater(x, 0), dy, 0)])
  const [dy, x] = place
  const operations = [{ name: 'ReluGrad', targets: [], rest: [{ input: dy }, { input: x }] }]
  const call: NativeCall = { variables: [], operations }
  return { key, call: (numbers) => (numbers.every((number) => number === 0) ? call : undefined) }
}
