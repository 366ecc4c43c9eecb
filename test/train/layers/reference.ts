import type { Tensor } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { Tf } from '../../../src/study/engine.ts'
import layers from '../../fixtures/train/layers.json' with { type: 'json' }

type Nested = number | readonly Nested[]

/**
 * Expects of a function of named tensors what PyTorch computed in float64 for a case of the fixture: the output, and the
 * gradients of sum(output * cotangent).
 */
export function expectPublished(tf: Tf, name: string, compute: (of: (input: string) => Tensor) => Tensor): void {
  const published = layers.cases.find((each) => each.name === name)
  if (!published) throw new Error(`the fixture has no case ${name}`)
  const inputs: Record<string, Nested | undefined> = published.inputs
  const gradients: Record<string, Nested | undefined> = published.grads
  const names = Object.keys(inputs)
  tf.tidy(() => {
    const tensors = names.map((input) => tensorOf(tf, inputs[input]))
    const f = (...given: Tensor[]) => compute((input) => given[names.indexOf(input)] ?? tf.scalar(Number.NaN))
    const output = f(...tensors)
    expectClose(output, published.output, 'output')
    const computed = tf.grads(f)(tensors, tf.reshape(tensorOf(tf, published.cotangent), output.shape))
    names.forEach((input, i) => {
      expectClose(computed[i], gradients[input], `gradient of ${input}`)
    })
  })
}

function expectClose(tensor: Tensor | undefined, expected: Nested | undefined, what: string): void {
  const [values, wanted] = [tensor?.dataSync() ?? [], flat(expected ?? [])]
  expect(values.length, what).toBe(wanted.length)
  wanted.forEach((value, i) => {
    expect(values[i], `${what}, number ${i}`).toBeCloseTo(value, 5)
  })
}

function tensorOf(tf: Tf, nested: Nested | undefined): Tensor {
  const shape: number[] = []
  for (let level = nested ?? []; typeof level !== 'number'; level = level[0] ?? 0) shape.push(level.length)
  return tf.tensor(flat(nested ?? []), shape)
}

function flat(nested: Nested): number[] {
  return typeof nested === 'number' ? [nested] : nested.flatMap(flat)
}
