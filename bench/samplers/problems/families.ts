import { HOLD_OUT } from './hold-out.ts'
import type { Problem } from './problem.ts'
import { PUBLIC } from './public.ts'
import { TUNING } from './tuning.ts'

export const FAMILIES: Readonly<Record<'public' | 'tuning' | 'hold-out', readonly Problem[]>> = {
  public: PUBLIC,
  tuning: TUNING,
  'hold-out': HOLD_OUT,
}

/** The problems of a list of names and families. @throws RangeError */
export function problemsNamed(names: readonly string[]): Problem[] {
  const all = Object.values(FAMILIES).flat()
  return names.flatMap((name) => {
    const family = Object.entries(FAMILIES).find(([key]) => key === name)
    const found = family ? family[1] : all.filter((problem) => problem.name === name)
    if (found.length > 0) return found
    throw new RangeError(
      `There is no problem ${name}; there are ${[...Object.keys(FAMILIES), ...all.map((problem) => problem.name)].join(', ')}`,
    )
  })
}
