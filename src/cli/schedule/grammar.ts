import { DynotuneError } from '../../errors.ts'

/** A schedule as it is written on the command line. */
export type Spec =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'module'; readonly file: string; readonly name: string | undefined }
  | Named
  | { readonly kind: 'chained'; readonly factors: readonly Spec[] }
  | { readonly kind: 'sequential'; readonly phases: readonly Phase[] }

export interface Named {
  readonly kind: 'named'
  readonly name: string
  readonly options: readonly GivenOption[]
  /** The schedule in parentheses after the name. */
  readonly inner: Spec | undefined
}

/** Values without a name before them are of the first option. */
export interface GivenOption {
  readonly name: string | undefined
  readonly values: readonly string[]
}

export interface Phase {
  readonly spec: Spec
  /** How long it lasts, where that is written. */
  readonly steps: number | undefined
}

/** A word ends at what means something in the grammar; `->` alone may have its `-` within a word, as in 1e-3. */
const WORD = /(?:(?!->)[^\s,*@():=])+/y
const MODULE = /((?:(?!->)[^\s,*@()])+\.[cm]?[jt]s)(?:#([\w$]+))?(?=[\s*@)-]|$)/y
const NUMBER = /(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(\/\d+)?(?=[\s*@)-]|$)/iy

/**
 * Parses
 *
 *     spec    = phase { "->" phase }          one after the other, each from its own step 0
 *     phase   = product [ "@" steps ]         for so long; else for its own steps
 *     product = factor { "*" factor }         chained: multiplied
 *     factor  = number | module | name [ "(" spec ")" ] [ ":" options ] | "(" spec ")"
 *     options = option { "," option }
 *     option  = name "=" value | value        a value alone goes to the option before it, else to the first
 *     module  = file ".ts" [ "#" export ]
 *
 * @throws DynotuneError `option.invalid`
 */
export function parseSpec(text: string): Spec {
  let at = 0

  function match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at += found[0].length
    return found ?? undefined
  }

  function take(sign: string): boolean {
    match(/\s*/y)
    const isThere = text.startsWith(sign, at)
    if (isThere) at += sign.length
    match(/\s*/y)
    return isThere
  }

  function expected(what: string): never {
    throw new DynotuneError('option.invalid', `Here ${what} is expected: ${text.slice(0, at)}▸${text.slice(at)}`, {
      path: 'spec',
      value: text,
      remedy: 'dynotune schedule plot --help says how schedules are written',
    })
  }

  function sequence(): Spec {
    const phases = [phase()]
    while (take('->')) phases.push(phase())
    const [only] = phases
    return only && phases.length === 1 && only.steps === undefined ? only.spec : { kind: 'sequential', phases }
  }

  function phase(): Phase {
    const factors = [factor()]
    while (take('*')) factors.push(factor())
    const [first] = factors
    const spec: Spec = first && factors.length === 1 ? first : { kind: 'chained', factors }
    if (!take('@')) return { spec, steps: undefined }
    return { spec, steps: Number(match(/\d+/y)?.[0] ?? expected('a number of steps')) }
  }

  function factor(): Spec {
    if (take('(')) return inParentheses()
    const module = match(MODULE)
    if (module?.[1] !== undefined) return { kind: 'module', file: module[1], name: module[2] }
    const number = match(NUMBER)
    if (number) return { kind: 'number', value: parseNumber(number[0]) }
    const name = match(WORD)?.[0] ?? expected('a schedule')
    const inner = take('(') ? inParentheses() : undefined
    return { kind: 'named', name, inner, options: take(':') ? options() : [] }
  }

  function inParentheses(): Spec {
    const spec = sequence()
    if (!take(')')) expected('")"')
    return spec
  }

  function options(): GivenOption[] {
    const given: { name: string | undefined; values: string[] }[] = []
    do {
      const word = match(WORD)?.[0] ?? expected('an option')
      const last = given.at(-1)
      if (take('=')) given.push({ name: word, values: [match(WORD)?.[0] ?? expected('a value')] })
      else if (last) last.values.push(word)
      else given.push({ name: undefined, values: [word] })
    } while (take(','))
    return given
  }

  take('')
  const spec = sequence()
  if (at < text.length) expected('"->", "*", "@" or the end')
  return spec
}

/** A number, which may be a fraction: `1/3`; NaN if it is none. */
export function parseNumber(text: string): number {
  const [numerator = '', denominator = '1', ...rest] = text.split('/')
  const isWritten = [numerator, denominator].every((part) => part.trim() !== '') && rest.length === 0
  return isWritten ? Number(numerator) / Number(denominator) : Number.NaN
}
