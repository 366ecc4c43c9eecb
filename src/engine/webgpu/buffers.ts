import { outOfMemory } from '../device-error.ts'
import type { DeviceWatch } from './watch.ts'

/** What of a buffer is used here; tests put their own in. */
interface Buffer {
  readonly size: number
  readonly usage: number
  destroy(): void
}

/** What of a device is. */
interface Maker<B> {
  createBuffer(what: { size: number; usage: number; mappedAtCreation: boolean }): B
  readonly limits: { readonly maxBufferSize: number; readonly maxStorageBufferBindingSize: number }
}

/** A free buffer is destroyed when this many others have been asked for since one of its kind was: some hundred steps. */
const STALE = 16_384
const SWEEP_EVERY = 1024
/** `GPUBufferUsage.STORAGE`, https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage */
const STORAGE = 0x80

interface Kind<B> {
  readonly free: B[]
  usedAt: number
}

/** Takes the place of the back end's own buffer manager: the same verbs. */
export interface BufferPool<B> {
  readonly numBytesUsed: number
  readonly numBytesAllocated: number
  /**
   * A buffer of this very size, of 4 bytes at least; with anything in it.
   * @param mapped whether it is to be mapped, which one that has been used before is not all the same
   * @throws DynotuneError `engine.memory`, `engine.lost`, or what the device refused since
   */
  acquireBuffer(size: number, usage: number, mapped?: boolean, reuse?: boolean): B
  /** Takes a buffer back, to be handed out again or to be destroyed. */
  releaseBuffer(buffer: B, reuse?: boolean): void
  dispose(): void
}

/**
 * Buffers that are kept for reuse, by size and usage. The back end's own manager keeps all it ever made, so that memory
 * grows with every new shape a trial brings; and a buffer that could not be made it hands out like any other.
 */
export function createBufferPool<B extends Buffer>(device: Maker<B>, watch: Pick<DeviceWatch, 'take'>): BufferPool<B> {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.limits
  const kinds = new Map<string, Kind<B>>()
  const used = new Set<B>()
  let bytesUsed = 0
  let bytesFree = 0
  let acquired = 0

  function kindOf(size: number, usage: number): Kind<B> {
    const key = `${size}/${usage}`
    const known = kinds.get(key) ?? { free: [], usedAt: acquired }
    kinds.set(key, known)
    return known
  }

  function check(): void {
    const error = watch.take()
    if (error) throw error
  }

  function make(size: number, usage: number, mappedAtCreation: boolean): B {
    if (size > maxBufferSize || ((usage & STORAGE) !== 0 && size > maxStorageBufferBindingSize)) {
      throw outOfMemory({ value: `${size} bytes for one tensor` })
    }
    const buffer = device.createBuffer({ size, usage, mappedAtCreation })
    const error = watch.take()
    if (!error) return buffer
    if (error.code !== 'engine.memory' || bytesFree === 0) throw error
    sweep(acquired + 1)
    const second = device.createBuffer({ size, usage, mappedAtCreation })
    check()
    return second
  }

  /** Destroys the free buffers of all kinds that were not asked for since. */
  function sweep(since: number): void {
    for (const [key, { free, usedAt }] of kinds) {
      if (usedAt >= since) continue
      kinds.delete(key)
      for (const buffer of free) {
        bytesFree -= buffer.size
        buffer.destroy()
      }
    }
  }

  return {
    get numBytesUsed() {
      return bytesUsed
    },
    get numBytesAllocated() {
      return bytesUsed + bytesFree
    },
    acquireBuffer(wanted, usage, mapped = false, reuse = true) {
      check()
      // That of a tensor without elements is bound to shaders too, and they are given no empty ones.
      const size = Math.max(wanted, 4)
      if (++acquired % SWEEP_EVERY === 0) sweep(acquired - STALE)
      const kind = kindOf(size, usage)
      kind.usedAt = acquired
      const kept = reuse ? kind.free.pop() : undefined
      if (kept) bytesFree -= size
      const buffer = kept ?? make(size, usage, mapped)
      used.add(buffer)
      bytesUsed += size
      return buffer
    },
    releaseBuffer(buffer, reuse = true) {
      if (!used.delete(buffer)) return
      bytesUsed -= buffer.size
      if (!reuse) return buffer.destroy()
      bytesFree += buffer.size
      kindOf(buffer.size, buffer.usage).free.push(buffer)
    },
    dispose() {
      sweep(Number.POSITIVE_INFINITY)
      for (const buffer of used) buffer.destroy()
      used.clear()
      bytesUsed = 0
    },
  }
}
