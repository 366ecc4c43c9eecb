import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../numerics/random.ts'
import type { GradientWatch } from '../gradients.ts'
import type { Measured, Probe, ProbeContext, ProbePoint } from '../probes/probe.ts'

/** All probes of a training as one. */
export interface RunningProbes {
  /** Who watches the gradients of a step, counted from 0, and in how many parts at least. */
  watch(step: number): { readonly parts: number; readonly watch?: GradientWatch }
  /** Missing where nobody wants to see updates. */
  onUpdate?(before: readonly Tensor[], after: readonly Tensor[]): void
  measure(point: ProbePoint): Measured[]
  /** What they have gathered, by their names. */
  save(): Promise<{ readonly [name: string]: unknown }>
  dispose(): void
}

const NOBODY = { parts: 1 }

/** @param saved what `save` returned, to go on from */
export function startProbes(
  probes: readonly Probe[],
  context: Omit<ProbeContext, 'random'>,
  saved: { readonly [name: string]: unknown } = {},
): RunningProbes {
  const all = probes.map((probe) => {
    const random = (purpose: string) => createRandom(0, 0, `probe/${probe.name}/${purpose}`)
    const running = probe.start({ ...context, random })
    if (probe.name in saved) running.restore?.(saved[probe.name])
    return { ...probe, running }
  })
  const watching = all.filter(({ running }) => running.onPart || running.onBatch)

  function watch(step: number) {
    const due = watching.filter(({ every = 1 }) => step % every === 0)
    if (due.length === 0) return NOBODY
    const watch: GradientWatch = {
      onPart: (gradients, rows) => due.forEach(({ running }) => void running.onPart?.(gradients, rows)),
      onBatch: (gradients, rows) => due.forEach(({ running }) => void running.onBatch?.(gradients, rows)),
    }
    return { parts: Math.max(...due.map(({ parts = 1 }) => parts)), watch }
  }

  return {
    watch,
    ...(all.some(({ running }) => running.onUpdate) && {
      onUpdate: (before, after) => all.forEach(({ running }) => void running.onUpdate?.(before, after)),
    }),
    measure: (point) => all.map(({ running }) => running.measure(point)),
    save: async () =>
      Object.fromEntries(
        await Promise.all(all.map(async ({ name, running }) => [name, await running.save?.()] as const)),
      ),
    dispose: () => all.forEach(({ running }) => void running.dispose?.()),
  }
}
