import type { Probe } from './probe.ts'

/**
 * How fast training goes, without evaluations. Reports, of the time since the evaluation before, `examplesPerSecond` and
 * `stalledShare`, the share that the host spent on getting examples onto the device. Unlike all else that is reported these
 * are other numbers each time.
 */
export function throughput(): Probe {
  return {
    name: 'throughput',
    start() {
      let before = { examples: 0, seconds: 0, stalled: 0 }
      return {
        measure({ examples, seconds, stalled }) {
          const passed = seconds - before.seconds
          const metrics = {
            examplesPerSecond: (examples - before.examples) / passed,
            stalledShare: (stalled - before.stalled) / passed,
          }
          before = { examples, seconds, stalled }
          return { metrics: () => metrics }
        },
        save: async () => before,
        restore(saved) {
          if (isPoint(saved)) before = saved
        },
      }
    },
  }
}

function isPoint(saved: unknown): saved is { examples: number; seconds: number; stalled: number } {
  return typeof saved === 'object' && saved !== null && 'examples' in saved && 'seconds' in saved && 'stalled' in saved
}
