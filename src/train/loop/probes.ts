import type { Tensor } from '@tensorflow/tfjs-core'
import { createRandom } from '../../numerics/random.ts'
import type { GradientWatch } from '../gradients.ts'
import type { Measured, Probe, ProbeContext, ProbePoint } from '../probes/probe.ts'

/** All probes of a training as one. */
export interface RunningProbes {
  /** In how many parts they want the gradients of a batch at least. */
  readonly parts: number
  /** Missing where nobody watches gradients. */
  readonly watch?: GradientWatch
  /** Missing where nobody wants to see updates. */
  onUpdate?(before: readonly Tensor[], after: readonly Tensor[]): void
  measure(point: ProbePoint): Measured[]
  /** What they have gathered, by their names. */
  save(): Promise<{ readonly [name: string]: unknown }>
  dispose(): void
}

/** @param saved what `save` returned, to go on from */
export function startProbes(
  probes: readonly Probe[],
  context: Omit<ProbeContext, 'random'>,
  saved: { readonly [name: string]: unknown } = {},
): RunningProbes {
  const running = probes.map((probe) => {
    const random = (purpose: string) => createRandom(0, 0, `probe/${probe.name}/${purpose}`)
    const started = probe.start({ ...context, random })
    if (probe.name in saved) started.restore?.(saved[probe.name])
    return started
  })
  return {
    parts: Math.max(1, ...probes.map(({ parts = 1 }) => parts)),
    ...(running.some(({ onPart, onBatch }) => onPart || onBatch) && {
      watch: {
        onPart: (gradients, rows) => running.forEach((probe) => void probe.onPart?.(gradients, rows)),
        onBatch: (gradients, rows) => running.forEach((probe) => void probe.onBatch?.(gradients, rows)),
      },
    }),
    ...(running.some(({ onUpdate }) => onUpdate) && {
      onUpdate: (before, after) => running.forEach((probe) => void probe.onUpdate?.(before, after)),
    }),
    measure: (point) => running.map((probe) => probe.measure(point)),
    save: async () =>
      Object.fromEntries(
        await Promise.all(probes.map(async ({ name }, i) => [name, await running[i]?.save?.()] as const)),
      ),
    dispose: () => running.forEach((probe) => void probe.dispose?.()),
  }
}
