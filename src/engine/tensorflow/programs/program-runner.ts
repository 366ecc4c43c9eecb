import type { Tensor } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../../fusion/run-programs.ts'
import type { Attribute, NodeBackend } from '../node-backend.ts'
import { codeOf } from './program-code.ts'

const OPERATION = 'DynotunePrograms'

/** Whether TensorFlow has the operation of programs.cc: an installation does, where it could be compiled. */
export function hasPrograms({ binding }: NodeBackend): boolean {
  try {
    // Without its attributes, it is refused; where there is none, this is.
    binding.executeOp(OPERATION, [], [], 0)
  } catch (error) {
    return !String(error).includes('not registered')
  }
  return true
}

/** Whether the operation can run a program: it takes the outputs' shape from an input. */
export function isRunnable({ program }: KernelCall): boolean {
  return program.scalars.includes(false)
}

/**
 * Runs all programs of a step as one operation, which writes over what is spent where nothing else holds that memory.
 * @returns the outputs, or their sums
 */
export function createProgramRunner(backend: NodeBackend) {
  const { binding } = backend
  const count = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value })

  return (calls: readonly KernelCall[], areSums = false): Tensor[] => {
    const inputs = calls.flatMap((call) => call.inputs)
    const outputs = calls.reduce((sum, { program }) => sum + program.outputs.length, 0)
    const given = Float32Array.from(calls.flatMap(({ numbers }) => numbers))
    // A tensor: attributes are part of what TensorFlow remembers an operation by, and numbers change with every step.
    const numbers = binding.createTensor([given.length], binding.TF_FLOAT, given)
    const code = { name: 'code', type: binding.TF_ATTR_STRING, value: codeOf(calls.map(withoutClones), areSums) }
    const attributes = [count('N', inputs.length), count('M', outputs), code]
    const results = binding.executeOp(OPERATION, attributes, [...backend.getInputTensorIds(inputs), numbers], outputs)
    binding.deleteTensor(numbers)
    return results.map((result) => backend.createOutputTensor(result))
  }

  /** TensorFlow sees clones of tfjs as one. */
  function withoutClones(call: KernelCall): KernelCall {
    const isAlone = (place: number) => {
      const tensor = call.inputs[place]
      return tensor !== undefined && backend.refCount(tensor.dataId) === 1
    }
    return { ...call, spent: call.spent.filter(isAlone) }
  }
}
