import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type FlatProgram, runFlat } from './flat-program.ts'

/** The first row of each segment; the output holds the number of rows, for none. */
const HEADS: FlatProgram = {
  key: 'segment-heads',
  inputs: ['ids'],
  atomic: true,
  code: `
    let segment = ids[index];
    if (segment >= 0 && segment < uniforms.outShape) {
      atomicMin(&result[segment], index);
    }
  `,
}

/** For each row the next one of its segment, or the number of rows. */
const LINKS: FlatProgram = {
  key: 'segment-links',
  inputs: ['ids'],
  code: `
    let segment = ids[index];
    var row = index + 1;
    while (row < uniforms.idsShape && ids[row] != segment) {
      row++;
    }
    result[index] = row;
  `,
}

const sumsOf = (type: 'f32' | 'i32'): FlatProgram => ({
  key: `segment-sums-${type}`,
  inputs: ['x', 'heads', 'links'],
  code: `
    let rows = uniforms.xShape.x;
    let columns = uniforms.xShape.y;
    let column = index % columns;
    var row = heads[index / columns];
    var sum = ${type}(0);
    while (row < rows) {
      sum += x[row * columns + column];
      row = links[row];
    }
    result[index] = f32(sum);
  `,
})
const SUMS = { float32: sumsOf('f32'), int32: sumsOf('i32') } as const

/** For more rows than this, looking for the next one of a segment takes longer than the sum is worth. */
export const MOST_ROWS = 2 ** 18

/**
 * The sum of the rows of each segment, in their order, so that it comes out the same every time: the gradient of an
 * embedding. The stock kernel adds by atomic operations, in the order in which the device gets round to it. Rows of a
 * segment that there is not are left out.
 * @param x [rows, columns]
 * @param ids [rows], int32
 * @param heads [segments], int32, each the number of rows: space to work in
 * @returns [segments, columns], float32 whatever x is, as on the cpu engine
 */
export function segmentSum(
  backend: WebGPUBackend,
  { x, ids, heads }: { readonly x: TensorInfo; readonly ids: TensorInfo; readonly heads: TensorInfo },
): TensorInfo {
  const [rows = 0, columns = 0] = x.shape
  const [segments = 0] = heads.shape
  runFlat(backend, HEADS, { tensors: [ids], shape: [segments], dtype: 'int32', count: rows, output: heads })
  const links = runFlat(backend, LINKS, { tensors: [ids], shape: [rows], dtype: 'int32' })
  const program = SUMS[x.dtype === 'int32' ? 'int32' : 'float32']
  const sums = runFlat(backend, program, { tensors: [x, heads, links], shape: [segments, columns], dtype: 'float32' })
  backend.disposeData(links.dataId)
  return sums
}
