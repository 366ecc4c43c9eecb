import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import type { Operation } from './expression.ts'
import type { Call } from './program.ts'

/** Runs a program as single operations of TensorFlow.js: the meaning of programs, on any engine. */
export function runOperations(tf: Tf, { program, inputs, numbers, shape }: Call): Tensor[] {
  // tf does not broadcast a scalar to nothing.
  if (shape.includes(0)) return program.outputs.map(() => tf.zeros([...shape]))
  return tf.tidy(() => {
    const constants = numbers.map((value) => tf.scalar(value))
    const values: Tensor[] = []
    for (const { operation, operands } of program.lines) {
      const from = { input: inputs, number: constants, line: values }
      values.push(
        run(
          tf,
          operation,
          operands.map((reference) => from[reference.from][reference.index]),
        ),
      )
    }
    return program.outputs.map((line) => tf.broadcastTo(values[line] ?? tf.zeros([...shape]), [...shape]))
  })
}

function run(tf: Tf, operation: Operation, operands: readonly (Tensor | undefined)[]): Tensor {
  const [a = tf.scalar(0), b = tf.scalar(0), c = tf.scalar(0)] = operands
  switch (operation) {
    case 'add':
      return tf.add(a, b)
    case 'sub':
      return tf.sub(a, b)
    case 'mul':
      return tf.mul(a, b)
    case 'div':
      return tf.div(a, b)
    case 'max':
      return tf.maximum(a, b)
    case 'min':
      return tf.minimum(a, b)
    case 'greater':
      return tf.cast(tf.greater(a, b), 'float32')
    case 'neg':
      return tf.neg(a)
    case 'abs':
      return tf.abs(a)
    case 'sqrt':
      return tf.sqrt(a)
    case 'select':
      return tf.where(tf.notEqual(a, 0), b, c)
  }
}
