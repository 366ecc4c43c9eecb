/*
 * What the training loop costs on one engine, in a process of its own. Prints a line of JSON.
 *
 *   node bench/loop/row.ts ENGINE MODEL SECONDS ROUNDS
 */
import { writeSync } from 'node:fs'
import { createEngine } from '../../src/engine/engine.ts'
import { isEngineName } from '../../src/study/engine.ts'
import { typical } from '../engines/statistics.ts'
import { MODEL_NAMES, trainingOf, VARIANTS } from './case.ts'
import { minimizeSteps } from './minimize-steps.ts'
import { timeBare, timeLoop } from './time-steps.ts'

const [name = '', wanted = '', seconds = '', rounds = ''] = process.argv.slice(2)
try {
  answer(await row(Number(seconds), Number(rounds)))
} catch (error) {
  answer({ error: error instanceof Error ? error.message : String(error) })
}
// An engine may leave threads and timers of its own.
process.exit()

/**
 * Spans of all variants in turn, so that whatever else the machine does meets all alike; long ones, since V8 puts off some
 * of its collecting to the event loop, which the bare steps do not let run.
 */
async function row(time: number, rounds: number) {
  const model = MODEL_NAMES.find((each) => each === wanted)
  if (!isEngineName(name) || model === undefined) throw new RangeError(`There is no ${name} or no ${wanted}.`)
  const engine = await createEngine(name)
  if (engine.deviceKind !== 'processor') throw new Error('the loop is measured where a call of a step computes it')
  const given = trainingOf(model)
  const first = await timeBare(engine, given, { warmUp: 50, steps: 20 })
  const names = Object.keys(VARIANTS)
  const steps = Math.max(5, Math.round((1000 * time) / rounds / (names.length + 2) / first))
  const span = { warmUp: Math.ceil(steps / 5), steps }
  const times: { bare: number; minimize: number; variants: number[] }[] = []
  for (let round = 0; round < rounds; round++) {
    const bare = await timeBare(engine, given, span)
    const minimize = await timeBare(engine, given, span, minimizeSteps)
    const variants: number[] = []
    for (const config of Object.values(VARIANTS)) variants.push(await timeLoop(engine, given, config, span))
    times.push({ bare, minimize, variants })
  }
  return {
    ...{ engine: engine.name, device: engine.device, model, batch: given.batchSize, steps: steps * rounds },
    bareMs: typical(times.map(({ bare }) => bare)).median,
    minimizeMs: typical(times.map(({ minimize }) => minimize)).median,
    variants: names.map((variant, i) => {
      const stepMs = typical(times.map(({ variants }) => variants[i] ?? Number.NaN)).median
      const { median, low, high } = typical(times.map(({ bare, variants }) => (variants[i] ?? Number.NaN) / bare))
      return { variant, stepMs, ratio: median, low, high }
    }),
  }
}

function answer(result: unknown): void {
  writeSync(1, `${JSON.stringify(result)}\n`)
}
