import type { Adapters } from '../../../src/engine/webgpu/adapters.ts'

export interface FakeAdapter {
  readonly name: string
  /** Where it sits, where it is a real GPU. */
  readonly address?: string
  readonly info: { readonly isFallbackAdapter: boolean }
}

export function gpu(name: string, address: string): FakeAdapter {
  return { name, address, info: { isFallbackAdapter: false } }
}

export function software(name: string): FakeAdapter {
  return { name, info: { isFallbackAdapter: true } }
}

/** A machine whose adapters are looked for as Dawn does, by part of the name. */
export function fakeAdapters(all: readonly FakeAdapter[], shown = () => all): Adapters<FakeAdapter> {
  return {
    names: async () => shown().map(({ name }) => name),
    first: async (name) => shown().find((adapter) => adapter.name.includes(name)),
  }
}
