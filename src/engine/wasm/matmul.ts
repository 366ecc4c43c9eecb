import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { finisher } from './fused.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { WORD } from './shape.ts'
import { add, get, i32, locals, loop, mul, params, set } from './wat.ts'

/**
 * The matrix product, plain and fused with bias and activation. The back end's own sends a product of plain operands to
 * XNNPACK, which packs every new operand anew, and one with a transposed operand, as all gradients have, to a naive
 * triple loop. Batch dimensions broadcast.
 */
export function matMulKernels(context: KernelContext): Record<string, KernelFunc> {
  const { tf, heap, native, scratch } = context
  const gemm = native('gemm')
  const finish = finisher(context)

  function product(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): TensorInfo {
    for (const { dtype } of [a, b]) {
      tf.util.assert(dtype === 'float32', () => `The wasm engine multiplies float32 matrices, not ${dtype}.`)
    }
    const A = matrices(a, transposeA)
    const B = matrices(b, transposeB)
    tf.util.assert(A.columns === B.rows, () => {
      return `Error in matMul: inner shapes (${A.columns}) and (${B.rows}) of tensors with shapes ${a.shape} and ${b.shape} and transposeA=${transposeA} and transposeB=${transposeB} must match.`
    })
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(A.batch, B.batch)
    const c = heap.output([...batch, A.rows, B.columns])
    const [m, k, n] = [A.rows, A.columns, B.columns]
    const count = sizeOf(batch)
    if (k === 0) return zeroed(c)
    const at = { a: heap.address(a), b: heap.address(b), c: heap.address(c) }
    const multiply = (rows: number, i: number, j: number, o: number) => {
      const from = [at.a + i * m * k * WORD, A.rowStride, A.columnStride] as const
      const by = [at.b + j * k * n * WORD, B.rowStride, B.columnStride] as const
      gemm(rows, n, k, ...from, ...by, at.c + o * m * n * WORD, n * WORD, 0, scratch)
    }
    // One matrix for a whole batch of plain ones, as in a dense layer over a sequence: a single tall product.
    if (sizeOf(B.batch) === 1 && !transposeA) multiply(count * m, 0, 0, 0)
    else {
      const [indexA, indexB] = [indexer(batch, A.batch), indexer(batch, B.batch)]
      for (let i = 0; i < count; i++) multiply(m, indexA(i), indexB(i), i)
    }
    return c
  }

  function zeroed(tensor: TensorInfo): TensorInfo {
    new Float32Array(heap.memory.buffer, heap.address(tensor), sizeOf(tensor.shape)).fill(0)
    return tensor
  }

  return {
    BatchMatMul: ({ inputs, attrs }) =>
      product(input(inputs, 'a'), input(inputs, 'b'), attrs?.transposeA === true, attrs?.transposeB === true),

    _FusedMatMul: ({ inputs, attrs }) =>
      finish(
        product(input(inputs, 'a'), input(inputs, 'b'), attrs?.transposeA === true, attrs?.transposeB === true),
        inputs,
        attrs,
      ),
  }
}

/** `addBias(y, bias, rows, columns)`: adds the bias to every row of y, in place. */
export function matMulText(): string {
  const row = add(get('y'), mul(get('j'), i32(4)))
  const bias = add(get('bias'), mul(get('j'), i32(4)))
  return `
  (func (export "addBias") ${params('y', 'bias', 'rows', 'columns')} ${locals('i32', ['i', 'j'])}
    ${loop(
      'i',
      get('rows'),
      1,
      `
      ${set('j', i32(0))}
      (block $few (loop $four
        (br_if $few (i32.gt_u ${add(get('j'), i32(4))} ${get('columns')}))
        (v128.store ${row} (f32x4.add (v128.load ${row}) (v128.load ${bias})))
        ${set('j', add(get('j'), i32(4)))}
        (br $four)))
      (block $end (loop $one
        (br_if $end (i32.ge_u ${get('j')} ${get('columns')}))
        (f32.store ${row} (f32.add (f32.load ${row}) (f32.load ${bias})))
        ${set('j', add(get('j'), i32(1)))}
        (br $one)))
      ${set('y', add(get('y'), mul(get('columns'), i32(4))))}`,
    )})`
}

/** The matrices of a tensor as they enter the product; strides in bytes. */
function matrices({ shape }: TensorInfo, transposed: boolean) {
  const [height = 1, width = 1] = shape.slice(-2)
  const batch = shape.slice(0, -2)
  const [along, across] = [WORD, width * WORD]
  return transposed
    ? { batch, rows: width, columns: height, rowStride: along, columnStride: across }
    : { batch, rows: height, columns: width, rowStride: across, columnStride: along }
}

/** From the place in a batch of shape `full` to that in one of shape `part`, which broadcasts to it. */
function indexer(full: readonly number[], part: readonly number[]): (index: number) => number {
  if (sizeOf(part) === sizeOf(full)) return (index) => index
  const shape = [...Array.from({ length: full.length - part.length }, () => 1), ...part]
  return (index) => {
    let [rest, stride, at] = [index, 1, 0]
    for (let axis = full.length - 1; axis >= 0; axis--) {
      const [length = 1, own = 1] = [full[axis], shape[axis]]
      if (own > 1) at += (rest % length) * stride
      rest = Math.floor(rest / length)
      stride *= own
    }
    return at
  }
}
