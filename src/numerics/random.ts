import { philox4x32, type Words4 } from './philox.ts'

/** A stream of random numbers. Two streams made from the same key are the same, whatever else is drawn elsewhere. */
export interface Random {
  /** Uniform in [0, 1), with 53 random bits. */
  next(): number
  /** Uniform integer in [0, bound); `bound` a positive integer up to 2^53. */
  int(bound: number): number
  /** Standard normal. */
  normal(): number
  /** The integers 0 … length-1 in uniformly random order. */
  permutation(length: number): number[]
}

/**
 * The stream keyed by (seed, trial number, purpose).
 * @param seed integer in [0, 2^53)
 * @param trial integer in [0, 2^32); the trial the numbers are for, or 0 where there is none
 * @param purpose any text; different purposes give independent streams
 */
export function createRandom(seed: number, trial: number, purpose: string): Random {
  const key = [seed >>> 0, Math.floor(seed / 0x100000000) >>> 0] as const
  const [purposeHigh, purposeLow] = hash64(purpose)
  let block = 0
  let words: Words4 = [0, 0, 0, 0]
  let used = 4
  let spareNormal: number | undefined

  function word(): number {
    if (used === 4) {
      words = philox4x32([block++ >>> 0, trial >>> 0, purposeHigh, purposeLow], key)
      used = 0
    }
    return words[used++] ?? 0
  }

  function next(): number {
    const high = word() >>> 5
    const low = word() >>> 6
    return (high * 0x4000000 + low) / 0x20000000000000
  }

  function int(bound: number): number {
    return Math.floor(next() * bound)
  }

  /** Box-Muller: two normals from two uniforms, the second kept for the next call. */
  function normal(): number {
    if (spareNormal !== undefined) {
      const value = spareNormal
      spareNormal = undefined
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - next()))
    const angle = 2 * Math.PI * next()
    spareNormal = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  /** Fisher-Yates. */
  function permutation(length: number): number[] {
    const order = Array.from({ length }, (_, i) => i)
    for (let i = length - 1; i > 0; i--) {
      const j = int(i + 1)
      const held = order[i] ?? i
      order[i] = order[j] ?? j
      order[j] = held
    }
    return order
  }

  return { next, int, normal, permutation }
}

/** A seed in [0, 2^32) for libraries that want a number rather than a stream. */
export function deriveSeed(seed: number, trial: number, purpose: string): number {
  return createRandom(seed, trial, purpose).int(0x100000000)
}

/** FNV-1a over UTF-16 code units, twice with different offsets, mixed: only has to tell purposes apart. */
function hash64(text: string): [number, number] {
  let high = 0x811c9dc5
  let low = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    high = Math.imul(high ^ unit, 0x01000193)
    low = Math.imul(low ^ unit ^ (high >>> 15), 0x85ebca6b)
  }
  return [high >>> 0, low >>> 0]
}
