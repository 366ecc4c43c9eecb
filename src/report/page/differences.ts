export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A value to be put where a path leads. */
export type Change = readonly [path: readonly (string | number)[], value: Json]

/** What to put where, so that `from` becomes `to`: as deep as can be, for large data that both share. */
export function differences(from: Json, to: Json, path: Change[0] = []): Change[] {
  if (from === to) return []
  const [old, young] = [childrenOf(from), childrenOf(to)]
  const isSameKind = old && young && Array.isArray(from) === Array.isArray(to)
  // What is taken away cannot be put.
  if (!isSameKind || [...old.keys()].some((key) => !young.has(key))) return [[path, to]]
  return [...young].flatMap(([key, value]) => {
    const before = old.get(key)
    return before === undefined ? [[[...path, key], value] as const] : differences(before, value, [...path, key])
  })
}

function childrenOf(value: Json): Map<string | number, Json> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return new Map<string | number, Json>(Array.isArray(value) ? value.entries() : Object.entries(value))
}
