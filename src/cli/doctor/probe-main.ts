import { writeSync } from 'node:fs'
import { describeEngine } from '../../engine/describe.ts'
import { createEngines } from '../../engine/engine.ts'
import { explain } from '../../engine/explain.ts'
import { measureProducts } from '../../engine/measure-products.ts'
import type { Engine } from '../../study/engine.ts'
import { measureTraining } from './measure-training.ts'
import { PROBE_FD, type ProbeMessage } from './probe.ts'

/** The life of a process that tries one engine: says how it is, measures it, and waits to be killed. */
export async function runProbe(name: Engine['name'], quick: boolean): Promise<void> {
  const engines = createEngines()
  const description = await describeEngine(name, engines)
  const isLast = quick || description.status !== 'found'
  say({ description, isLast })
  if (isLast) return
  try {
    const tf = await (await engines(name)).engine.load()
    const measured = { products: await measureProducts(tf), training: await measureTraining(tf) }
    say({ description: { ...description, measured }, isLast: true })
  } catch (error) {
    const { why, remedy } = explain(error)
    const broken = { name, status: 'broken', detail: `It loads, but computing fails: ${why}` } as const
    say({ description: { ...broken, ...(remedy !== undefined && { remedy }) }, isLast: true })
  }
}

function say(message: ProbeMessage): void {
  writeSync(PROBE_FD, `${JSON.stringify(message)}\n`)
}
