/*
 * Training steps a second of every engine, beside PyTorch on the same device; and how that compares with what the engines
 * are held to.
 *
 *   node bench/engines.ts [--engines LIST] [--models LIST] [--batches LIST] [--seconds N] [--python PATH] [--out FOLDER]
 *                         [--profile] [--software] [--limit N]
 *   node bench/engines.ts --pack FILE.tar.gz
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { TookTooLong } from './engines/ask.ts'
import { CONTESTANTS, type Contestant, gather } from './engines/contestants.ts'
import { digits } from './engines/digits.ts'
import { inProportion } from './engines/estimate.ts'
import { judge } from './engines/goals.ts'
import { describeMachine, kindOf } from './engines/machine.ts'
import { MODEL_NAMES, type ModelName } from './engines/models/models.ts'
import { type Results, toMarkdown, VERDICT_COLUMNS, verdictCells } from './engines/report.ts'
import { profileSections } from './engines/report-profile.ts'
import type { Missing, Row } from './engines/result.ts'

const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: CONTESTANTS.join() },
    models: { type: 'string', default: MODEL_NAMES.join() },
    batches: { type: 'string', default: '32,128,1024' },
    seconds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
    profile: { type: 'boolean', default: false },
    software: { type: 'boolean', default: false },
    limit: { type: 'string', default: '150' },
    pack: { type: 'string' },
  },
})

const limit = positive('limit', options.limit)
if (options.pack !== undefined) {
  const { pack } = await import('./engines/pack.ts')
  console.log(pack(options.pack))
} else {
  run()
}

function run(): void {
  const models = listOf('models', options.models, MODEL_NAMES)
  const batches = options.batches.split(',').map((text) => positive('batches', text))
  // A larger batch may be estimated from a smaller one.
  batches.sort((a, b) => a - b)
  const { present, missing } = gather(listOf('engines', options.engines, CONTESTANTS), {
    ...{ python: options.python, profile: options.profile, software: options.software, limit },
    seconds: positive('seconds', options.seconds),
  })
  const rows: Row[] = []
  const results: Results = {
    date: new Date().toISOString().slice(0, 10),
    machine: describeMachine(),
    contestants: present.map(({ name, device, onGpu, versions }) => ({ name, device, onGpu, versions })),
    ...{ models, batches, rows, missing },
  }
  const file = join(options.out, `engines-${kindOf(results.machine)}`)
  for (const { engine, why } of missing) console.log(`${engine}: ${why}`)
  save(file, results)
  // Everybody's turn at one model and batch comes together, so that they are compared under the same circumstances.
  for (const model of models) {
    for (const batch of batches) {
      for (const contestant of present) {
        const outcome = rowOf(contestant, model, batch, results)
        if ('why' in outcome) missing.push(outcome)
        else rows.push(outcome)
        console.log(lineOf(model, batch, outcome))
        if ('profile' in outcome) console.log(`\n${profileSections(outcome).join('\n\n')}\n`)
        save(file, results)
      }
    }
  }
  const verdicts = judge(results).map(verdictCells)
  if (verdicts.length > 0) console.log(`\n${formatTable(VERDICT_COLUMNS, verdicts)}`)
  console.log(`\n${file}.md, .json`)
}

/** A row, measured; or in proportion to a smaller batch where a step of this one would take most of the limit. */
function rowOf(
  { name, measure }: Contestant,
  model: ModelName,
  batch: number,
  { rows, missing }: Results,
): Row | Missing {
  const smaller = rows.findLast((row) => row.engine === name && row.model === model && row.batch < batch)
  if (smaller) {
    const row = inProportion(smaller, batch)
    if (row.stepMs > 700 * limit) return row
  }
  const gap = missing.find((each) => each.tooSlow && each.engine === name && each.model === model)
  if (gap) return { ...gap, batch, why: `batch ${gap.batch} already ${gap.why}` }
  try {
    return measure(model, batch)
  } catch (error) {
    const tooSlow = error instanceof TookTooLong
    return { engine: name, model, batch, why: error instanceof Error ? error.message : String(error), tooSlow }
  }
}

function lineOf(model: ModelName, batch: number, outcome: Row | Missing): string {
  const what = `${model.padEnd(4)} ${String(batch).padStart(4)}  ${outcome.engine.padEnd(18)}`
  if ('why' in outcome) return `${what}  ${outcome.why}`
  const how = outcome.estimatedFrom === undefined ? '' : `  in proportion to batch ${outcome.estimatedFrom}`
  return `${what}  ${digits(outcome.stepMs).padStart(8)} ms  ${digits(outcome.gflops).padStart(8)} GFLOP/s${how}`
}

function save(file: string, results: Results): void {
  mkdirSync(options.out, { recursive: true })
  writeFileSync(`${file}.json`, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(`${file}.md`, toMarkdown(results))
}

function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const name = known.find((each) => each === word)
    if (name === undefined) throw new RangeError(`--${option}: there is no ${word}; there are ${known.join(', ')}`)
    return name
  })
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new RangeError(`--${option} wants positive numbers, not ${text}`)
  return number
}
