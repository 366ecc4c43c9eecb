import type { KernelFunc, Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { runOperations } from '../fusion/operations.ts'
import { ELEMENTWISE, elementwiseCall } from '../fusion/run-program.ts'
import { type NativeCall, nativeSteps } from './native-steps.ts'
import { type Attribute, type NodeBackend, nodeBackend, type Output } from './node-backend.ts'

/**
 * TensorFlow compiles no arithmetic at run time, but has the steps of common optimizers as single operations. Programs
 * that are such a step run as it, in one pass over memory instead of ten; others run one operation after the other.
 */
export function registerElementwise(tf: Tf): void {
  if (tf.getKernel(ELEMENTWISE, 'tensorflow')) return
  const backend = nodeBackend(tf)
  const steps = new Map(nativeSteps(tf).map((step) => [step.key, step]))
  const runNative = nativeRunner(backend)

  const kernelFunc: KernelFunc = (params) => {
    const { call, shape } = elementwiseCall(tf, params)
    const native = steps.get(call.program.key)?.call(call.numbers)
    return native ? runNative(native, call.inputs) : runOperations(tf, call, shape)
  }
  tf.registerKernel({ kernelName: ELEMENTWISE, backendName: 'tensorflow', kernelFunc })
}

/** Numbers that are kept on the device; more than one call takes. */
const SCALARS = 64

/**
 * Runs an operation on variables over tensors. The tensors stay as they are, since TensorFlow copies a variable's values
 * before it writes where something else still holds them; the results share the variables' memory.
 */
function nativeRunner(backend: NodeBackend) {
  const { binding } = backend
  const type = (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })
  const text = (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value })
  const no = (name: string): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value: false })
  const handles: number[] = []
  const scalars = new Map<number, number>()

  function one(name: string, attributes: readonly Attribute[], inputs: readonly number[]): Output {
    const [output] = binding.executeOp(name, attributes, inputs, 1)
    if (output) return output
    throw new DynotuneError('internal', `TensorFlow's ${name} returned nothing.`)
  }

  /** The handle of a variable that serves whatever comes next. */
  function variable(i: number): number {
    const shape: Attribute = { name: 'shape', type: binding.TF_ATTR_SHAPE, value: [] }
    const names = [text('container', ''), text('shared_name', `dynotune/${i}`)]
    handles[i] ??= one('VarHandleOp', [type('dtype'), shape, ...names], []).id
    return handles[i]
  }

  /** A step gives the same numbers to all parameters, and many of them to the next step too. */
  function scalar(value: number): number {
    const id = scalars.get(value) ?? binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value))
    // Set anew, so that what is asked for now is the last to go.
    scalars.delete(value)
    scalars.set(value, id)
    const [oldest] = scalars
    if (oldest && scalars.size > SCALARS) {
      scalars.delete(oldest[0])
      binding.deleteTensor(oldest[1])
    }
    return id
  }

  return ({ operation, variables, rest }: NativeCall, tensors: readonly Tensor[]): Tensor[] => {
    const ids = backend.getInputTensorIds(tensors)
    const targets = variables.map((_, i) => variable(i))
    for (const [i, place] of variables.entries()) {
      binding.executeOp(
        'AssignVariableOp',
        [type('dtype'), no('validate_shape')],
        [targets[i] ?? 0, ids[place] ?? 0],
        0,
      )
    }
    const inputs = rest.map((each) => (typeof each === 'number' ? scalar(each) : (ids[each.input] ?? 0)))
    if (targets.length === 0) return [backend.createOutputTensor(one(operation, [type('T')], inputs))]
    binding.executeOp(operation, [type('T'), no('use_locking'), no('use_nesterov')], [...targets, ...inputs], 0)
    return targets.map((target) => backend.createOutputTensor(one('ReadVariableOp', [type('dtype')], [target])))
  }
}
