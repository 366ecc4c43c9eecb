import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../../errors.ts'
import type { Attribute, NodeBackend, Output } from '../node-backend.ts'
import type { NativeCall, NativeOperation } from './native-step.ts'

/**
 * Runs operations on variables over tensors. The tensors stay as they are, since TensorFlow copies a variable's values
 * before it writes where something else still holds them; the results share the variables' memory. Tensors that are spent
 * are let go first, so that there is nothing to copy, which is half of a step.
 * @param scalar the handle of a number
 */
export function createNativeRunner(backend: NodeBackend, scalar: (value: number) => number) {
  const { binding } = backend
  const type = (name: string): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT })
  const text = (name: string, value: string): Attribute => ({ name, type: binding.TF_ATTR_STRING, value })
  const flag = (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value })
  const ofAssign = [type('dtype'), flag('validate_shape', false)]
  const handles: number[] = []

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

  /** Leaves a tensor without values, unless a clone of it is alive. */
  function letGo({ dataId }: Tensor): void {
    const data = backend.tensorMap.get(dataId)
    if (backend.refCount(dataId) > 1 || data.id < 0) return
    binding.deleteTensor(data.id)
    // That of tensors that have not been uploaded: there is nothing left to delete when it is disposed.
    data.id = -1
  }

  /**
   * @param outputs how many tensors the program returns
   * @param spent places of tensors that nobody reads any more
   */
  return (
    { variables, operations }: NativeCall,
    tensors: readonly Tensor[],
    outputs: number,
    spent: readonly number[],
  ): Tensor[] => {
    const ids = backend.getInputTensorIds(tensors)
    const inputsOf = ({ targets, rest }: NativeOperation): number[] => [
      ...targets.map(variable),
      ...rest.map((each) => (typeof each === 'number' ? scalar(each) : (ids[each.input] ?? 0))),
    ]
    for (const [i, place] of variables.entries()) {
      binding.executeOp('AssignVariableOp', ofAssign, [variable(i), ids[place] ?? 0], 0)
      const tensor = tensors[place]
      const isRead = operations.some(({ rest }) =>
        rest.some((each) => typeof each === 'object' && each.input === place),
      )
      if (tensor && spent.includes(place) && !isRead) letGo(tensor)
    }
    if (variables.length === 0) {
      return operations.map((each) => backend.createOutputTensor(one(each.name, [type('T')], inputsOf(each))))
    }
    for (const each of operations) {
      const flags = Object.entries(each.flags ?? {}).map(([name, value]) => flag(name, value))
      binding.executeOp(each.name, [type('T'), ...flags], inputsOf(each), 0)
    }
    return Array.from({ length: outputs }, (_, i) =>
      backend.createOutputTensor(one('ReadVariableOp', [type('dtype')], [variable(i)])),
    )
  }
}
