import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from './operations.ts'
import type { Call, Program } from './program.ts'

/** The kernel that an engine registers to compute programs in one pass. Engines without it run them operation by operation. */
export const ELEMENTWISE = 'Elementwise'

const programs = new Map<string, Program>()

/** A tensor of the given shape for each output of the program. */
export function runProgram(tf: Tf, call: Call, shape: readonly number[]): Tensor[] {
  if (!tf.getKernel(ELEMENTWISE, tf.getBackend())) return runOperations(tf, call, shape)
  const { program, inputs, numbers } = call
  programs.set(program.key, program)
  const named = Object.fromEntries(inputs.map((tensor, i) => [`x${i}`, tensor]))
  return tf.engine().runKernel(ELEMENTWISE, named, { program: program.key, numbers: [...numbers], shape: [...shape] })
}

/** What the kernel's attribute `program` stands for. */
export function programCalled(key: unknown): Program {
  const program = typeof key === 'string' ? programs.get(key) : undefined
  if (program) return program
  throw new DynotuneError('internal', 'An elementwise kernel was called without its program.', { value: key })
}
