import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from './operations.ts'
import type { Call, Program } from './program.ts'

/**
 * The kernel that an engine registers to compute programs in one pass each: many in one call, since on some engines it is
 * calls that cost. Engines without it run them operation by operation.
 */
export const ELEMENTWISE = 'Elementwise'

/** The kernel that computes the sums of what programs put out, without writing it to memory. Engines need not have it. */
export const SUMS = 'ElementwiseSums'

/** What the kernels are called to do for one program. */
export interface KernelCall extends Call {
  /** Places of inputs whose memory the outputs may take. */
  readonly spent: readonly number[]
}

const programs = new Map<string, Program>()

/**
 * The outputs of all calls, one after the other.
 * @param free tensors whose memory the outputs may take, each read in one call only
 */
export function runPrograms(tf: Tf, calls: readonly Call[], free: ReadonlySet<Tensor>): Tensor[] {
  if (calls.length === 0) return []
  if (!tf.getKernel(ELEMENTWISE, tf.getBackend())) return calls.flatMap((call) => runOperations(tf, call))
  return runKernel(tf, ELEMENTWISE, calls, free)
}

/** The sums of the outputs of all calls, one after the other: scalars. */
export function sumPrograms(tf: Tf, calls: readonly Call[]): Tensor[] {
  if (calls.length === 0) return []
  if (tf.getKernel(SUMS, tf.getBackend())) return runKernel(tf, SUMS, calls, new Set())
  return tf.tidy(() => runPrograms(tf, calls, new Set()).map((output) => tf.sum(output)))
}

function runKernel(tf: Tf, kernel: string, calls: readonly Call[], free: ReadonlySet<Tensor>): Tensor[] {
  // The first one stays, so that kernels can remember what they made of it.
  for (const { program } of calls) if (!programs.has(program.key)) programs.set(program.key, program)
  const named = Object.fromEntries(calls.flatMap(({ inputs }) => inputs).map((tensor, i) => [`x${i}`, tensor]))
  return tf.engine().runKernel(kernel, named, {
    programs: calls.map(({ program }) => program.key),
    numbers: calls.map(({ numbers }) => [...numbers]),
    shapes: calls.map(({ shape }) => [...shape]),
    spent: calls.map(({ inputs }) => inputs.flatMap((tensor, place) => (free.has(tensor) ? [place] : []))),
  })
}

/** What a kernel was called to do: the same for every engine, since only the functions above call them. */
export function kernelCalls(
  tf: Tf,
  { inputs, attrs = {} }: Pick<Parameters<KernelFunc>[0], 'inputs' | 'attrs'>,
): KernelCall[] {
  const [numbers, shapes, spent] = [attrs.numbers, attrs.shapes, attrs.spent].map(listIn)
  let next = 0
  return listIn(attrs.programs).map((key, i) => {
    const program = programs.get(String(key))
    if (!program) throw unexpected(key)
    const tensors = program.scalars.map(() => {
      const tensor = inputs[`x${next++}`]
      if (tensor instanceof tf.Tensor) return tensor
      throw unexpected(tensor)
    })
    return {
      program,
      inputs: tensors,
      numbers: numbersIn(numbers?.[i]),
      shape: numbersIn(shapes?.[i]),
      spent: numbersIn(spent?.[i]),
    }
  })
}

function listIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  throw unexpected(value)
}

function numbersIn(value: unknown): number[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'number')) return value
  throw unexpected(value)
}

function unexpected(value: unknown): DynotuneError {
  return new DynotuneError('internal', 'An elementwise kernel was called with something else than programs.', {
    value,
  })
}
