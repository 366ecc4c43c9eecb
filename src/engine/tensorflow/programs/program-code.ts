import { OPERATIONS } from '../../fusion/expression.ts'
import type { Program, Reference } from '../../fusion/program.ts'
import type { KernelCall } from '../../fusion/run-programs.ts'

/**
 * What programs.cc reads: integers. Each different program is there once, followed by which of them each call is of.
 * Before each stands whether
 * sums are asked for. A value is its place among the inputs, the numbers and the lines of its program, counted through in that order.
 */
export function codeOf(calls: readonly KernelCall[], areSums: boolean): string {
  const codes = calls.map((call) => `${Number(areSums)} ${programCode(call)}`)
  const programs = [...new Set(codes)]
  return [programs.length, ...programs, calls.length, ...codes.map((code) => programs.indexOf(code))].join(' ')
}

/** Of each program, by what is spent: they are the same at every step. */
const known = new WeakMap<Program, Map<string, string>>()

function programCode({ program, spent }: KernelCall): string {
  const codes = known.get(program) ?? new Map<string, string>()
  known.set(program, codes)
  const code = codes.get(spent.join()) ?? writeCode(program, spent)
  codes.set(spent.join(), code)
  return code
}

function writeCode(program: Program, spent: readonly number[]): string {
  const { scalars, numbers, lines, outputs } = program
  const place = ({ from, index }: Reference) =>
    index + { input: 0, number: scalars.length, line: scalars.length + numbers }[from]
  const inputs = scalars.flatMap((isScalar, i) => [Number(isScalar), Number(spent.includes(i))])
  const body = lines.flatMap(({ operation, operands }) => [OPERATIONS.indexOf(operation), ...operands.map(place)])
  return [scalars.length, numbers, ...inputs, lines.length, ...body, outputs.length, ...outputs].join(' ')
}
