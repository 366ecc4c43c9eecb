import type { KernelFunc } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { REPLACE_ROWS, replaceRowsInputs } from '../replace-rows.ts'
import type { KernelContext } from './kernel-context.ts'
import { WORD } from './shape.ts'
import { add, get, i32, locals, loop, mul, params, set } from './wat.ts'

/** Rows written into a table where it lies. */
export function replaceRowsKernels({ heap, native }: KernelContext): Record<string, KernelFunc> {
  const replace = native('replaceRows')
  return {
    [REPLACE_ROWS](call) {
      const { table, places, rows } = replaceRowsInputs(call)
      const alone = heap.isUnshared(table)
      const result = alone ? heap.share(table) : heap.output(table.shape)
      const [to, from] = [heap.address(result), heap.address(table)]
      if (!alone) new Uint8Array(heap.memory.buffer).copyWithin(to, from, from + sizeOf(table.shape) * WORD)
      const [count = 0] = places.shape
      if (count > 0) replace(heap.address(rows), heap.address(places), to, count, (sizeOf(rows.shape) / count) * WORD)
      return result
    },
  }
}

/** `replaceRows(x, indices, y, count, rowBytes)`: writes each row of x over that of y whose number it has. */
export function replaceRowsText(): string {
  const index = `(i32.load ${add(get('indices'), mul(get('i'), i32(WORD)))})`
  return `
  (func (export "replaceRows") ${params('x', 'indices', 'y', 'count', 'rowBytes')} ${locals('i32', ['i'])}
    ${loop(
      'i',
      get('count'),
      1,
      `
      (call $copy ${get('x')} ${add(get('y'), mul(index, get('rowBytes')))} ${get('rowBytes')})
      ${set('x', add(get('x'), get('rowBytes')))}`,
    )})`
}
