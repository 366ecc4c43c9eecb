import type { Expression } from './expression.ts'

/** What is computed at one time, from what the stages before have computed. */
export interface Stage {
  readonly sums: Expression[]
  readonly computed: Expression[]
  /** Scalars that tensors are to be multiplied by and the like: once, instead of for each element. */
  readonly scalars: Expression[]
}

/** What has to be computed before expressions can be, elementwise, from what is there by then. */
export function stagesOf(outputs: readonly Expression[]): Stage[] {
  const stages: Stage[] = []
  const ready = new Map<Expression, number>()

  function stage(index: number): Stage {
    stages[index] ??= { sums: [], computed: [], scalars: [] }
    return stages[index]
  }

  /** How many stages come before the expression can be computed elementwise, or is there. */
  function stagesBefore(expression: Expression): number {
    const known = ready.get(expression)
    if (known !== undefined) return known
    const count = visit(expression)
    ready.set(expression, count)
    return count
  }

  function visit(expression: Expression): number {
    const { node, shape } = expression
    if (node.kind === 'sum') {
      const before = stagesBefore(node.operand)
      stage(before).sums.push(expression)
      return before + 1
    }
    if (node.kind === 'compute') {
      const before = Math.max(0, ...node.inputs.map(stagesBefore))
      stage(before).computed.push(expression)
      return before + 1
    }
    if (node.kind !== 'apply') return 0
    return Math.max(0, ...node.operands.map((operand) => stagesBeforeOperand(operand, shape.length > 0)))
  }

  function stagesBeforeOperand(operand: Expression, isOfTensor: boolean): number {
    const before = stagesBefore(operand)
    const isScalar = operand.shape.length === 0 && operand.node.kind === 'apply'
    if (!isOfTensor || !isScalar || before === 0) return before
    const { scalars } = stage(before)
    if (!scalars.includes(operand)) scalars.push(operand)
    return before + 1
  }

  for (const output of outputs) stagesBefore(output)
  return stages
}
