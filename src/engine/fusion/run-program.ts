import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from './operations.ts'
import type { Call, Program } from './program.ts'

/** The kernel that an engine registers to compute programs in one pass. Engines without it run them operation by operation. */
export const ELEMENTWISE = 'Elementwise'

const programs = new Map<string, Program>()

/**
 * A tensor of the given shape for each output of the program.
 * @param free tensors whose memory the results may take
 */
export function runProgram(tf: Tf, call: Call, shape: readonly number[], free: ReadonlySet<Tensor>): Tensor[] {
  if (!tf.getKernel(ELEMENTWISE, tf.getBackend())) return runOperations(tf, call, shape)
  const { program, inputs, numbers } = call
  programs.set(program.key, program)
  const named = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]))
  const spent = inputs.flatMap((tensor, i) => (free.has(tensor) ? [i] : []))
  const attrs = { program: program.key, numbers: [...numbers], shape: [...shape], spent }
  return tf.engine().runKernel(ELEMENTWISE, named, attrs)
}

/** What the kernel was called to do: the same for every engine, since `runProgram` is its only caller. */
export function elementwiseCall(
  tf: Tf,
  { inputs, attrs = {} }: Pick<Parameters<KernelFunc>[0], 'inputs' | 'attrs'>,
): {
  readonly call: Call
  readonly shape: number[]
  /** Places of inputs whose memory the outputs may take. */
  readonly spent: number[]
} {
  const program = programs.get(String(attrs.program))
  if (!program) throw unexpected(attrs.program)
  const tensors = program.scalars.map((_, i) => {
    const tensor = inputs[`x${i}`]
    if (tensor instanceof tf.Tensor) return tensor
    throw unexpected(tensor)
  })
  const call = { program, inputs: tensors, numbers: numbersIn(attrs.numbers) }
  return { call, shape: numbersIn(attrs.shape), spent: numbersIn(attrs.spent) }
}

function numbersIn(value: unknown): number[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value
  throw unexpected(value)
}

function unexpected(value: unknown): DynotuneError {
  return new DynotuneError('internal', 'An elementwise kernel was called with something else than a program.', {
    value,
  })
}
