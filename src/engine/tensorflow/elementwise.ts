import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from '../fusion/operations.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls, SUMS } from '../fusion/run-programs.ts'
import { isOnGpu } from './backend.ts'
import { createNativeRunner } from './native-steps/native-runner.ts'
import { nativeSteps } from './native-steps.ts'
import { nodeBackend } from './node-backend.ts'
import { createProgramRunner, hasPrograms, isRunnable } from './programs/program-runner.ts'
import { createPlanRunner } from './run-plan.ts'
import { createScalars } from './scalars.ts'

/**
 * On a processor, an installation has an operation of our own that runs programs in one pass over memory (programs.cc).
 * Elsewhere operations of TensorFlow do what they do.
 */
export function registerElementwise(tf: Tf): void {
  if (tf.getKernel(ELEMENTWISE, 'tensorflow')) return
  const backend = nodeBackend(tf)
  const runCall = createCallRunner(tf)
  if (isOnGpu(tf) || !hasPrograms(backend)) {
    const kernelFunc: KernelFunc = (params) => kernelCalls(tf, params).flatMap(runCall)
    tf.registerKernel({ kernelName: ELEMENTWISE, backendName: 'tensorflow', kernelFunc })
    return
  }
  const runTogether = createProgramRunner(backend)
  const elementwise: KernelFunc = (params) => {
    const calls = kernelCalls(tf, params)
    return calls.every(isRunnable) ? runTogether(calls) : calls.flatMap(runCall)
  }
  const sums: KernelFunc = (params) => {
    const calls = kernelCalls(tf, params)
    return calls.every(isRunnable) ? runTogether(calls, true) : calls.flatMap(runCall).map((values) => tf.sum(values))
  }
  tf.registerKernel({ kernelName: ELEMENTWISE, backendName: 'tensorflow', kernelFunc: elementwise })
  tf.registerKernel({ kernelName: SUMS, backendName: 'tensorflow', kernelFunc: sums })
}

/**
 * Runs programs as operations that TensorFlow has. It compiles no arithmetic at run time, but has the steps of common
 * optimizers as single operations: programs that are such a step, or little more, run as it, in one pass over memory instead
 * of ten; others run one operation after the other.
 */
export function createCallRunner(tf: Tf): (call: KernelCall) => Tensor[] {
  const backend = nodeBackend(tf)
  const scalar = createScalars(backend)
  const steps = new Map(nativeSteps(tf).map((step) => [step.key, step]))
  const runNative = createNativeRunner(backend, scalar)
  const runPlan = createPlanRunner(backend, scalar)
  return (call) => {
    const { program, inputs, numbers, shape, spent } = call
    // tf does not broadcast a scalar to nothing.
    if (shape.includes(0)) return runOperations(tf, call)
    const native = steps.get(program.key)?.call(numbers)
    if (native) return runNative(native, inputs, program.outputs.length, spent)
    return runPlan(call).map((result) => (result.rank === shape.length ? result : tf.broadcastTo(result, [...shape])))
  }
}
