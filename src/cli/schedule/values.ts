import { DynotuneError } from '../../errors.ts'
import { type GivenOption, type Named, parseNumber } from './grammar.ts'
import { nearest } from './nearest.ts'

/** The options of a schedule, as it is written: given ones, else their defaults. All throw `option.invalid`. */
export interface Values {
  has(name: string): boolean
  number(name: string): number
  numbers(name: string): number[]
  flag(name: string): boolean
  /** One of some names. */
  word<T extends string>(name: string, words: readonly T[]): T
}

/** @param options `name`, or `name=default` of those that need not be given */
export function readValues({ name: schedule, options: given }: Named, options: readonly string[]): Values {
  const defaults = new Map(options.map((option) => [nameOf(option), option.split('=')[1]]))
  const names = [...defaults.keys()]
  const texts = new Map<string, readonly string[]>()
  for (const option of given) {
    const name = nameIn(option)
    if (texts.has(name)) refuse(name, option.values.join(','), 'its values once')
    texts.set(name, option.values)
  }

  function nameIn({ name = names[0] ?? '' }: GivenOption): string {
    if (defaults.has(name)) return name
    const like = nearest(name, names)
    throw new DynotuneError('option.invalid', `${schedule} has no option "${name}".`, {
      path: schedule,
      value: name,
      remedy: `${like === undefined ? '' : `did you mean ${like}? `}${schedule} takes ${options.join(', ')}`,
    })
  }

  function refuse(name: string, value: unknown, what: string): never {
    throw new DynotuneError('option.invalid', `${name} of ${schedule} takes ${what}.`, {
      path: `${schedule}:${name}`,
      value,
      remedy: `${schedule} takes ${options.join(', ')}, each with its name before it`,
    })
  }

  function all(name: string): readonly string[] {
    const fallback = defaults.get(name)
    const text = texts.get(name) ?? (fallback === undefined ? undefined : [fallback])
    if (text) return text
    throw new DynotuneError('option.invalid', `${schedule} needs ${name}.`, {
      path: schedule,
      remedy: `write ${schedule}:${name}=…; it takes ${options.join(', ')}`,
    })
  }

  function one(name: string, what: string): string {
    const [text = '', ...more] = all(name)
    return more.length === 0 ? text : refuse(name, [text, ...more].join(','), what)
  }

  function number(name: string, text: string): number {
    const value = parseNumber(text)
    return Number.isFinite(value) ? value : refuse(name, text, 'a number')
  }

  return {
    has: (name) => texts.has(name),
    number: (name) => number(name, one(name, 'one number')),
    numbers: (name) => all(name).map((text) => number(name, text)),
    flag: (name) => toFlag(one(name, 'true or false')) ?? refuse(name, one(name, ''), 'true or false'),
    word(name, words) {
      const text = one(name, 'one name')
      return words.find((word) => word === text) ?? refuse(name, text, `one of ${words.join(', ')}`)
    },
  }
}

export function nameOf(option: string): string {
  return option.split('=')[0] ?? ''
}

function toFlag(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
