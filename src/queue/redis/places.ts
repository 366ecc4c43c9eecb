import type { TrialJob } from '../../runner/job.ts'

/**
 * Where a job waits, by name: a resource class and the GPU memory that the job asks for, in whole gigabytes: `default`, `gpu+40GB`.
 * Each is a queue of its own, from which only workers that have it take.
 */
export function placeOf(
  { class: resourceClass, gpuMemory = 0 }: Pick<TrialJob, 'class' | 'gpuMemory'>,
  base: string,
): string {
  // No GPU lacks the part of a gigabyte that this may ask too much.
  const gigabytes = Math.ceil(gpuMemory / 1e9)
  return `${resourceClass ?? base}${gigabytes > 0 ? `+${gigabytes}GB` : ''}`
}

/** A place in its parts: the class, and gigabytes. */
export function partsOf(place: string): { readonly class: string; readonly gigabytes: number } {
  const [, resourceClass = place, gigabytes = 0] = /^(.+)\+(\d+)GB$/.exec(place) ?? []
  return { class: resourceClass, gigabytes: Number(gigabytes) }
}

/** Whether a worker takes jobs from there, as far as class and memory go. */
export function serves(worker: Readonly<{ classes: readonly string[]; gpuMemory: number }>, place: string): boolean {
  const { classes, gpuMemory } = worker
  const { class: resourceClass, gigabytes } = partsOf(place)
  return classes.includes(resourceClass) && gigabytes * 1e9 <= gpuMemory
}

/** The places that a worker takes from, best first: by its classes, and in each those who ask for most, since they have least choice. */
export function inOrder(classes: readonly string[], places: Iterable<string>): string[] {
  const rank = (place: string) => classes.indexOf(partsOf(place).class)
  return [...new Set(places)].sort((a, b) => rank(a) - rank(b) || partsOf(b).gigabytes - partsOf(a).gigabytes)
}
