/** What an analysis found, or why the data cannot say: a sentence that ends in a full stop. Never a number that does not hold. */
export type Finding<T> = Known<T> | Unknown

export interface Known<T> {
  readonly known: true
  readonly value: T
}

export interface Unknown {
  readonly known: false
  readonly why: string
}

export const known = <T>(value: T): Known<T> => ({ known: true, value })

export const unknown = (why: string): Unknown => ({ known: false, why })

/** A number with its interval; the level is that of the analysis, 95 % unless it says otherwise. Ends may be infinite. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}
