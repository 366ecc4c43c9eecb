import { typical } from '../engines/statistics.ts'

/** Milliseconds in which one thread copies so many numbers, in memory that was touched before: what no pass over them beats. */
export function copyMs(numbers: number): number {
  const source = new Float32Array(Math.round(numbers)).fill(1)
  const target = new Float32Array(source.length)
  target.set(source)
  const times = Array.from({ length: 25 }, () => {
    const began = performance.now()
    target.set(source)
    return performance.now() - began
  })
  return typical(times).median
}
