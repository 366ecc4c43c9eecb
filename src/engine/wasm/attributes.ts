import type { NamedAttrMap } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import { fromFront } from './shape.ts'

/** A number that the operation before a kernel always gives. */
export function numberOf(attrs: NamedAttrMap | undefined, name: string): number {
  const value = attrs?.[name]
  if (typeof value === 'number') return value
  throw new DynotuneError('internal', `A kernel was called without its number ${name}.`, { value })
}

/** One number or several, as a list. */
export function numbersOf(attrs: NamedAttrMap | undefined, name: string): number[] {
  const value = attrs?.[name]
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.every((each) => typeof each === 'number')) return list
  throw new DynotuneError('internal', `A kernel was called without its numbers ${name}.`, { value })
}

/** Axes counted from the front; all of them where none are given. */
export function axesOf(attrs: NamedAttrMap | undefined, name: string, rank: number): ReadonlySet<number> {
  const given = attrs?.[name] ?? undefined
  const axes = given === undefined ? Array.from({ length: rank }, (_, axis) => axis) : numbersOf(attrs, name)
  return new Set(axes.map((axis) => fromFront(axis, rank)))
}
