import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from '../fusion/operations.ts'
import { ELEMENTWISE, type KernelCall, kernelCalls } from '../fusion/run-programs.ts'
import { createNativeRunner } from './native-steps/native-runner.ts'
import { nativeSteps } from './native-steps.ts'
import { nodeBackend } from './node-backend.ts'
import { createPlanRunner } from './run-plan.ts'
import { createScalars } from './scalars.ts'

/**
 * TensorFlow compiles no arithmetic at run time, but has the steps of common optimizers as single operations. Programs
 * that are such a step, or little more, run as it, in one pass over memory instead of ten; others run one operation after
 * the other.
 */
export function registerElementwise(tf: Tf): void {
  if (tf.getKernel(ELEMENTWISE, 'tensorflow')) return
  const backend = nodeBackend(tf)
  const scalar = createScalars(backend)
  const steps = new Map(nativeSteps(tf).map((step) => [step.key, step]))
  const runNative = createNativeRunner(backend, scalar)
  const runPlan = createPlanRunner(backend, scalar)

  function runCall(call: KernelCall): Tensor[] {
    const { program, inputs, numbers, shape, spent } = call
    // tf does not broadcast a scalar to nothing.
    if (shape.includes(0)) return runOperations(tf, call)
    const native = steps.get(program.key)?.call(numbers)
    if (native) return runNative(native, inputs, program.outputs.length, spent)
    return runPlan(call).map((result) => (result.rank === shape.length ? result : tf.broadcastTo(result, [...shape])))
  }

  const kernelFunc: KernelFunc = (params) => kernelCalls(tf, params).flatMap(runCall)
  tf.registerKernel({ kernelName: ELEMENTWISE, backendName: 'tensorflow', kernelFunc })
}
