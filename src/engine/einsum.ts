import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../study/engine.ts'
import { replaceKernel } from './replace-kernel.ts'

/**
 * Registers `tf.einsum` for a back end that has none (wasm) or one that is wrong where a label is summed in one operand
 * alone (cpu, webgpu). A contraction of two operands is one batched matrix product, since products are what engines are
 * fast at; stock kernels multiply everything out and then sum.
 */
export function registerEinsum(tf: Tf, backendName: string): void {
  const kernelFunc: KernelFunc = ({ inputs, attrs = {} }) => {
    const tensors = Object.values(inputs).flatMap((input) => (input instanceof tf.Tensor ? [input] : []))
    const equation = String(attrs.equation).replace(/\s/g, '')
    return tf.tidy(() => einsum(tf, equation, tensors))
  }
  replaceKernel(tf, { kernelName: 'Einsum', backendName, kernelFunc })
}

/** A tensor with a letter for each axis. */
interface Operand {
  readonly labels: string
  readonly tensor: Tensor
}

function einsum(tf: Tf, equation: string, tensors: readonly Tensor[]): Tensor {
  const { allDims, idDims } = tf.backend_util.decodeEinsumEquation(equation, tensors.length)
  tf.backend_util.checkEinsumDimSizes(allDims.length, idDims, [...tensors])
  const [inputs = '', output = ''] = equation.split('->')
  const operands = inputs
    .split(',')
    .map((labels, i) => ({ labels, tensor: tf.cast(tensors[i] ?? tf.scalar(0), 'float32') }))
  const [a, b] = operands.map((operand, i) => sumOwn(tf, operand, output + (operands[1 - i]?.labels ?? '')))
  if (!a) return tf.scalar(0)
  const result = b ? contract(tf, a, b, output) : a
  return tf.cast(inOrder(tf, result, output), tensors[0]?.dtype ?? 'float32')
}

/** Sums over the labels that nobody else needs. */
function sumOwn(tf: Tf, { labels, tensor }: Operand, needed: string): Operand {
  const axes = [...labels].flatMap((label, axis) => (needed.includes(label) ? [] : [axis]))
  if (axes.length === 0) return { labels, tensor }
  return { labels: only(labels, (label) => needed.includes(label)), tensor: tf.sum(tensor, axes) }
}

function contract(tf: Tf, a: Operand, b: Operand, output: string): Operand {
  const batch = only(a.labels, (label) => b.labels.includes(label) && output.includes(label))
  const summed = only(a.labels, (label) => b.labels.includes(label) && !output.includes(label))
  const [rows, columns] = [
    only(a.labels, (label) => !b.labels.includes(label)),
    only(b.labels, (label) => !a.labels.includes(label)),
  ]
  const lengths = new Map(
    [a, b].flatMap(({ labels, tensor }) => [...labels].map((label, axis) => [label, tensor.shape[axis] ?? 1])),
  )
  const size = (labels: string) => [...labels].reduce((product, label) => product * (lengths.get(label) ?? 1), 1)
  const grouped = (operand: Operand, ...groups: readonly string[]) =>
    tf.reshape(inOrder(tf, operand, groups.join('')), groups.map(size))

  const product = () => {
    if (summed === '') return tf.mul(grouped(a, batch, rows, ''), grouped(b, batch, '', columns))
    if (rows + columns === '') return tf.sum(tf.mul(grouped(a, batch, summed), grouped(b, batch, summed)), 1)
    return tf.matMul(grouped(a, batch, rows, summed), grouped(b, batch, summed, columns))
  }
  const labels = batch + rows + columns
  return {
    labels,
    tensor: tf.reshape(
      product(),
      [...labels].map((label) => lengths.get(label) ?? 1),
    ),
  }
}

function inOrder(tf: Tf, { labels, tensor }: Operand, order: string): Tensor {
  return labels === order
    ? tensor
    : tf.transpose(
        tensor,
        [...order].map((label) => labels.indexOf(label)),
      )
}

function only(labels: string, keep: (label: string) => boolean): string {
  return [...labels].filter(keep).join('')
}
