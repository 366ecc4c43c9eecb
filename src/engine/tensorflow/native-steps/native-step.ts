/** Operations of TensorFlow that do what a program does. */
export interface NativeCall {
  /**
   * Inputs of the program that variables begin as. What the first of them are after all operations are the program's
   * outputs; without any, the operation returns the output.
   */
  readonly variables: readonly number[]
  readonly operations: readonly NativeOperation[]
}

export interface NativeOperation {
  readonly name: string
  /** Places among the variables of those that it updates, in its order. */
  readonly targets: readonly number[]
  /** What it takes after them: numbers, or inputs of the program, as they were. */
  readonly rest: readonly (number | { readonly input: number })[]
  /** Attributes that are not as TensorFlow has them by default. */
  readonly flags?: Readonly<Record<string, boolean>>
}

export interface NativeStep {
  /** The program that it can stand for. */
  readonly key: string
  /** Undefined when the program's numbers are not those of the operations. */
  call(numbers: readonly number[]): NativeCall | undefined
}

/** target += factor · input of the program: an operation to follow others, in place. */
export function addScaled(target: number, factor: number, input: number): NativeOperation {
  return { name: 'ResourceApplyGradientDescent', targets: [target], rest: [-factor, { input }] }
}
