import type { Redis } from 'ioredis'
import { packageVersion } from '../../runner/environment.ts'
import { CLASS, type Names } from './names.ts'
import type { RedisQueueOptions } from './options.ts'
import type { Flight } from './parcels.ts'
import { partsOf, serves } from './places.ts'
import type { Queues } from './queues.ts'
import { announceStudy, listStudies, listWorkers } from './registry.ts'
import { sharesOf } from './shares.ts'
import { addressOf } from './url.ts'
import type { StudySaid, WorkerRecord } from './wire.ts'

/** What a study has of the workers that are there. */
export interface Standing {
  readonly workers: readonly WorkerRecord[]
  /** Its share of the slots that studies of its class are after. */
  readonly slots: number
  /** Jobs that it may hand out beyond that, since they wait for other workers. */
  readonly unserved: number
}

export interface StandingOptions {
  readonly redis: Redis
  readonly names: Names
  readonly queues: Queues
  /** Where trials wait that ask for nothing of their own. */
  readonly base: string
  readonly options: RedisQueueOptions
  readonly flights: ReadonlyMap<string, Flight>
  note(text: string): void
}

/** The most jobs that may wait for workers that are not there, beside those that others run. */
const MOST_UNSERVED = 1000
/** As many are handed out before there is any worker, where each says for itself what it needs. */
const SCOUTS = 8
/** Times that workers are looked after until a study that does not fill its slots counts as one that has no more to run. */
const FIRST_LOOKS = 5

/** Says what a study needs, and finds what it gets of the workers that are there, each time that it is asked to look. */
export function createStanding({ redis, names, queues, base, options, flights, note }: StandingOptions): {
  look(): Promise<Standing>
} {
  const { url, study, name, resourceClass = CLASS, weight = 1, priority = 0 } = options
  const { most = Number.POSITIVE_INFINITY, isPerTrial = false, anyEngineVersion = false } = options
  let slots: number | undefined
  let looks = 0

  const placesOfFlights = () => [...flights.values()].map(({ parcel }) => parcel.place)

  async function look(): Promise<Standing> {
    const workers = await listWorkers(redis, names)
    const same = workers.filter(
      ({ version, refuses }) => version === packageVersion() && (anyEngineVersion || !refuses.includes(study)),
    )
    const places = new Set([...(isPerTrial ? [] : [base]), ...placesOfFlights()])
    const fit = same.filter((worker) => isPerTrial || [...places].some((place) => serves(worker, place)))
    const missing = [...places].filter((place) => !same.some((worker) => serves(worker, place)))
    noteUnfit(workers, fit, missing)
    slots = await share(fit.reduce((sum, worker) => sum + slotsFor(worker), 0))
    const waits = placesOfFlights().filter((place) => missing.includes(place)).length
    return { workers, slots, unserved: fit.length > 0 ? Math.min(waits, MOST_UNSERVED) : isPerTrial ? SCOUTS : 0 }
  }

  /** All of those that are for this class; of others what they leave empty, and what it has there already. */
  function slotsFor({ name: worker, classes: [first], slots: all, spare }: WorkerRecord): number {
    if (first === resourceClass || isPerTrial) return all
    const parcels = new Set([...flights.values()].map(({ parcel }) => parcel))
    return spare + [...parcels].filter((parcel) => parcel.worker === worker).length
  }

  async function share(all: number): Promise<number> {
    // One that does not nearly fill what it got has no more to run; at first nobody has had the time to.
    const isHungry = slots === undefined || flights.size >= 0.9 * Math.min(slots, most) - 1 || looks++ < FIRST_LOOKS
    const wanted = Math.min(most, options.wanted?.() ?? most)
    const demand = isHungry ? wanted : Math.min(wanted, Math.max(1, flights.size))
    const said = { study, name, version: packageVersion(), class: resourceClass, priority, weight, jobs: flights.size }
    const needs = needsOf(Number.isFinite(demand) ? demand : flights.size + 1)
    const own = { ...said, demand: Number.isFinite(demand) ? demand : null, slots: slots ?? 0, needs }
    await announceStudy(redis, names, own)
    const studies = (await listStudies(redis, names)).filter(({ version }) => version === packageVersion())
    await tellLoad(studies, Object.keys(needs))
    const rivals = studies.filter((rival) => rival.class === resourceClass)
    const claims = rivals.map((rival) => ({ ...rival, demand: rival.demand ?? Number.POSITIVE_INFINITY }))
    return Math.min(most, sharesOf(claims, all).get(study) ?? all)
  }

  /** Slots that it could use, by place. What is still to come asks for what most do, or for what those ask that are known. */
  function needsOf(demand: number): Record<string, number> {
    const counts = new Map(isPerTrial && flights.size > 0 ? [] : [[base, 0]])
    for (const place of placesOfFlights()) counts.set(place, (counts.get(place) ?? 0) + 1)
    const later = Math.max(0, demand - flights.size)
    const partOf = (place: string, count: number) =>
      isPerTrial && flights.size > 0 ? Math.ceil((later * count) / flights.size) : place === base ? later : 0
    return Object.fromEntries([...counts].map(([place, count]) => [place, count + partOf(place, count)]))
  }

  async function tellLoad(studies: readonly StudySaid[], places: readonly string[]): Promise<void> {
    if (!options.onLoad) return
    const loads = places.map(async (place) => ({
      class: place,
      waiting: await queues.at(place).getJobCountByTypes('wait', 'prioritized', 'delayed'),
      needed: studies.reduce((sum, { needs }) => sum + (needs[place] ?? 0), 0),
    }))
    options.onLoad(await Promise.all(loads))
  }

  function noteUnfit(workers: readonly WorkerRecord[], fit: readonly WorkerRecord[], missing: readonly string[]): void {
    for (const { name, version } of workers)
      if (version !== packageVersion())
        note(`The worker ${name} runs Dynotune ${version}, this is ${packageVersion()}: it takes none of these trials.`)
    const start = `dynotune worker --redis ${url.slice(0, url.indexOf(':'))}://${addressOf(url)}`
    if (fit.length === 0 && missing.length === 0) note(`No worker is there. Start some: ${start}`)
    for (const place of missing) {
      const { class: asked, gigabytes } = partsOf(place)
      const command = `${start}${asked === CLASS ? '' : ` --class ${asked}`}`
      const memory = gigabytes > 0 ? ` with ${gigabytes} GB of GPU memory for each slot` : ''
      if (place === base && gigabytes === 0) note(`No worker is there. Start some: ${command}`)
      else
        note(`No worker of the class ${asked}${memory} is there: trials that ask for it wait. Start some: ${command}`)
    }
  }

  return { look }
}
