import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Call } from '../fusion/program.ts'
import type { Attribute, NodeBackend, Output } from './node-backend.ts'
import { operationPlan, type Plan, type PlanOperand } from './operation-plan.ts'

/** TF_BOOL of TensorFlow's C interface. */
const BOOL = 10

/**
 * Runs programs as single operations, past tf: without its work for each, and each value is freed after its last use, so
 * that the next ones are written where the processor's cache still is.
 * @param scalar the handle of a number
 */
export function createPlanRunner(backend: NodeBackend, scalar: (value: number) => number) {
  const { binding } = backend
  const type = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value })
  const truncate: Attribute = { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false }
  const ofCast = [type('SrcT', BOOL), type('DstT', binding.TF_FLOAT), truncate]
  const ofOthers = [type('T', binding.TF_FLOAT)]
  const plans = new Map<string, Plan>()

  function planFor({ program, numbers }: Call): Plan {
    const isZero = numbers.map((number) => number === 0)
    const key = `${program.key}/${isZero.map(Number).join('')}`
    const plan = plans.get(key) ?? operationPlan(program, isZero)
    plans.set(key, plan)
    return plan
  }

  return (call: Call): Tensor[] => {
    const { steps, outputs } = planFor(call)
    const ids = backend.getInputTensorIds(call.inputs)
    const results: Output[] = []
    const idOf = (operand: PlanOperand): number => {
      if (operand.from === 'constant') return scalar(operand.value)
      if (operand.from === 'number') return scalar(call.numbers[operand.index] ?? 0)
      return (operand.from === 'input' ? ids[operand.index] : results[operand.index]?.id) ?? 0
    }
    for (const { operation, operands, spent } of steps) {
      const attributes = operation === 'Cast' ? ofCast : ofOthers
      results.push(...binding.executeOp(operation, attributes, operands.map(idOf), 1))
      for (const step of spent) binding.deleteTensor(results[step]?.id ?? 0)
    }
    return outputs.map((step) => {
      const result = results[step]
      if (result) return backend.createOutputTensor(result)
      throw new DynotuneError('internal', 'An operation of TensorFlow returned nothing.')
    })
  }
}
