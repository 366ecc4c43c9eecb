import type { Operation } from '../fusion/expression.ts'
import type { Program, Reference } from '../fusion/program.ts'

/** A value of a plan: an input or a number of the call, a constant, or what an earlier step returns. */
export type PlanOperand =
  | Exclude<Reference, { from: 'line' }>
  | { readonly from: 'step'; readonly index: number }
  | { readonly from: 'constant'; readonly value: number }

export interface PlanStep {
  /** Of TensorFlow. */
  readonly operation: string
  readonly operands: readonly PlanOperand[]
  /** The steps whose results are not needed any more after it. */
  readonly spent: readonly number[]
}

/** Operations of TensorFlow that do what a program does. */
export interface Plan {
  readonly steps: readonly PlanStep[]
  /** Steps that are results. */
  readonly outputs: readonly number[]
}

const NAMES: Readonly<Record<Operation, string>> = {
  add: 'AddV2',
  sub: 'Sub',
  mul: 'Mul',
  div: 'RealDiv',
  max: 'Maximum',
  min: 'Minimum',
  greater: 'Greater',
  neg: 'Neg',
  abs: 'Abs',
  sqrt: 'Sqrt',
  select: 'SelectV2',
}

/**
 * The operations of a program, fewer where TensorFlow has one for several: Sign, which unlike two comparisons passes NaN
 * on, Square, and comparisons that stay booleans where something is selected by them.
 * @param isZero of each number of the call, whether it is 0
 */
export function operationPlan({ lines, outputs }: Program, isZero: readonly boolean[]): Plan {
  const steps: Omit<PlanStep, 'spent'>[] = []
  const values = new Map<number, PlanOperand>()
  const conditions = new Map<number, PlanOperand>()

  function emit(operation: string, ...operands: PlanOperand[]): PlanOperand {
    return { from: 'step', index: steps.push({ operation, operands }) - 1 }
  }

  function value(reference: Reference): PlanOperand {
    if (reference.from !== 'line') return reference
    const before = values.get(reference.index)
    if (before) return before
    const result = compute(reference)
    values.set(reference.index, result)
    return result
  }

  function compute(line: Reference): PlanOperand {
    const signed = signedBy(line)
    if (signed) return emit('Sign', value(signed))
    const { operation, operands } = lineAt(line) ?? {}
    const [a, b, c] = operands ?? []
    if (operation === 'greater') return emit('Cast', condition(line))
    if (operation === 'select' && a && b && c) return emit(NAMES.select, condition(a), value(b), value(c))
    if (operation === 'mul' && a && b && isSame(a, b)) return emit('Square', value(a))
    return emit(NAMES[operation ?? 'neg'], ...(operands ?? []).map(value))
  }

  /** Whether a value is not 0, as booleans. */
  function condition(reference: Reference): PlanOperand {
    const { operation, operands = [] } = lineAt(reference) ?? {}
    const before = conditions.get(reference.index)
    if (operation !== 'greater') return emit('NotEqual', value(reference), { from: 'constant', value: 0 })
    if (before) return before
    const result = emit(NAMES.greater, ...operands.map(value))
    conditions.set(reference.index, result)
    return result
  }

  /** x where a line is (x > 0) - (0 > x). */
  function signedBy(line: Reference): Reference | undefined {
    const { operation, operands: [above, below] = [] } = lineAt(line) ?? {}
    if (operation !== 'sub' || !above || !below) return undefined
    const [first, second] = [lineAt(above), lineAt(below)]
    if (first?.operation !== 'greater' || second?.operation !== 'greater') return undefined
    const [x, low] = first.operands
    const [high, y] = second.operands
    return x && y && isSame(x, y) && isNothing(low) && isNothing(high) ? x : undefined
  }

  const lineAt = ({ from, index }: Reference) => (from === 'line' ? lines[index] : undefined)
  const isNothing = (reference?: Reference) => reference?.from === 'number' && isZero[reference.index] === true

  const results = outputs.map((index) => value({ from: 'line', index }))
  return withSpent(
    steps,
    results.flatMap((result) => (result.from === 'step' ? [result.index] : [])),
  )
}

function isSame(a: Reference, b: Reference): boolean {
  return a.from === b.from && a.index === b.index
}

function withSpent(steps: readonly Omit<PlanStep, 'spent'>[], outputs: readonly number[]): Plan {
  const lastUse = new Map<number, number>()
  for (const [i, { operands }] of steps.entries()) {
    for (const operand of operands) if (operand.from === 'step') lastUse.set(operand.index, i)
  }
  const spentAt = (i: number) =>
    [...lastUse].flatMap(([step, last]) => (last === i && !outputs.includes(step) ? [step] : []))
  return { steps: steps.map((step, i) => ({ ...step, spent: spentAt(i) })), outputs }
}
