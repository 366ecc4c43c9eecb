import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { replaceKernel } from '../replace-kernel.ts'
import { REPLACE_ROWS, replaceRowsInputs } from '../replace-rows.ts'
import { nodeBackend } from './node-backend.ts'

/**
 * TensorFlow's InplaceUpdate, which writes into its operand whoever else holds it: clones are counted by tfjs, and a table
 * that has any is copied first.
 */
export function registerReplaceRows(tf: Tf): void {
  const backend = nodeBackend(tf)
  const type = { name: 'T', type: backend.binding.TF_ATTR_TYPE, value: backend.binding.TF_FLOAT }

  function run(operation: string, inputs: readonly TensorInfo[]): TensorInfo {
    return backend.executeSingleOutput(operation, [type], inputs)
  }

  const kernelFunc: KernelFunc = (call) => {
    const { table, places, rows } = replaceRowsInputs(call)
    if (places.shape[0] === 0) {
      backend.incRef(table.dataId)
      return { ...table }
    }
    if (backend.refCount(table.dataId) === 1) return run('InplaceUpdate', [table, places, rows])
    const copy = run('DeepCopy', [table])
    const result = run('InplaceUpdate', [copy, places, rows])
    backend.disposeData(copy.dataId)
    return result
  }
  replaceKernel(tf, { kernelName: REPLACE_ROWS, backendName: 'tensorflow', kernelFunc })
}
