import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { KernelFunc } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { replaceRowsInputs } from '../replace-rows.ts'
import { type FlatProgram, runFlat } from './flat-program.ts'

const COPY: FlatProgram = { key: 'copy', inputs: ['x'], code: 'result[index] = x[index];' }

const WRITE: FlatProgram = {
  key: 'replace-rows',
  inputs: ['places', 'rows'],
  code: `
    let width = uniforms.rowsShape.y;
    result[places[index / width] * width + index % width] = rows[index];
  `,
}

/** Rows written into a table's buffer, by one dispatch. */
export function replaceRowsKernel(checked: (backend: unknown) => WebGPUBackend): KernelFunc {
  return (call) => {
    const { table, places, rows } = replaceRowsInputs(call)
    const backend = checked(call.backend)
    const { shape, dtype, dataId } = table
    const [count = 0] = places.shape
    const size = sizeOf(rows.shape)
    backend.uploadToGPU(dataId)
    const alone = backend.refCount(dataId) === 1
    const output = alone ? { dataId, shape, dtype } : runFlat(backend, COPY, { tensors: [table], shape, dtype })
    if (alone) backend.incRef(dataId)
    if (size === 0) return output
    const flat = { ...rows, shape: [count, size / count] }
    return runFlat(backend, WRITE, { tensors: [places, flat], shape, dtype, count: size, output })
  }
}
