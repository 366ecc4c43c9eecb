/** What to do in place of a call: `call` makes it, with these arguments or others. */
export type Around = (call: (...args: unknown[]) => unknown, args: readonly unknown[], self: object) => unknown

/**
 * Replaces a method of one of Dawn's classes, for all its objects and whoever calls them.
 * @returns puts the method back
 */
export async function intercept(className: string, method: string, around: Around): Promise<() => void> {
  const { globals } = await import('webgpu')
  const prototype = property(Reflect.get(globals, className), 'prototype')
  const original = property(prototype, method)
  if (!isObject(prototype) || typeof original !== 'function') throw new TypeError(`There is no ${className}.${method}.`)
  Reflect.set(prototype, method, function (this: object, ...args: unknown[]): unknown {
    return around((...others) => Reflect.apply(original, this, others), args, this)
  })
  return () => {
    Reflect.set(prototype, method, original)
  }
}

/** A property of what may be anything. */
export function property(target: unknown, name: string): unknown {
  return isObject(target) ? Reflect.get(target, name) : undefined
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
