import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { REPLACE_ROWS, replaceRowsInputs } from '../replace-rows.ts'
import type { KernelContext } from './kernel-context.ts'
import { sizeOf, WORD } from './shape.ts'

/** Rows written into a table where it lies. */
export function replaceRowsKernels({ heap }: KernelContext): Record<string, KernelFunc> {
  return {
    [REPLACE_ROWS](call) {
      const { table, places, rows } = replaceRowsInputs(call)
      const alone = heap.isUnshared(table)
      const result = alone ? heap.share(table) : heap.output(table.shape)
      // Looked at only now: making an output may have moved the memory.
      const memory = new Float32Array(heap.memory.buffer)
      const at = (tensor: TensorInfo) => heap.address(tensor) / WORD
      const [count = 0] = places.shape
      const width = count === 0 ? 0 : sizeOf(rows.shape) / count
      if (!alone) memory.copyWithin(at(result), at(table), at(table) + sizeOf(table.shape))
      const numbers = new Int32Array(heap.memory.buffer, heap.address(places), count)
      const [to, from] = [at(result), at(rows)]
      numbers.forEach((place, i) => {
        memory.copyWithin(to + place * width, from + i * width, from + (i + 1) * width)
      })
      return result
    },
  }
}
