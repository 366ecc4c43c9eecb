/*
 * Time of a step of every optimizer at about a million parameters, beside PyTorch's own and beside what copying them takes.
 *
 *   node bench/optimizers.ts [--engines LIST] [--optimizers LIST] [--seconds N] [--python PATH] [--out FOLDER] [--limit N]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { formatTable } from '../src/cli/format.ts'
import { ask } from './engines/ask.ts'
import { digits } from './engines/digits.ts'
import { describeMachine, kindOf } from './engines/machine.ts'
import { COLUMNS, cells, type Results, toMarkdown } from './optimizers/report.ts'
import { type Missing, measured, type Row } from './optimizers/result.ts'
import { SUBJECTS } from './optimizers/subjects.ts'

const ROW = fileURLToPath(new URL('./optimizers/row.ts', import.meta.url))
const TORCH = fileURLToPath(new URL('./peers/torch_optimizers.py', import.meta.url))
/** Of `engines/engine.ts`, and PyTorch. */
const ENGINES = ['wasm', 'tensorflow', 'webgpu', 'cpu', 'torch']

const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: 'wasm,tensorflow,torch' },
    optimizers: { type: 'string', default: Object.keys(SUBJECTS).join() },
    seconds: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
    limit: { type: 'string', default: '120' },
  },
})

const seconds = positive('seconds', options.seconds)
const limit = positive('limit', options.limit)
const optimizers = listOf('optimizers', options.optimizers, Object.keys(SUBJECTS))
const engines = listOf('engines', options.engines, ENGINES)
const rows: Row[] = []
const missing: Missing[] = []
const torch = engines.includes('torch') ? findTorch() : undefined
const results: Results = {
  date: new Date().toISOString().slice(0, 10),
  machine: describeMachine(),
  ...(torch && { torch }),
  rows,
  missing,
}
const file = join(options.out, `optimizers-${kindOf(results.machine)}`)

// Everybody's turn at one optimizer comes together, so that they are compared under the same circumstances.
for (const optimizer of optimizers) {
  const { peer, nearest } = SUBJECTS[optimizer] ?? {}
  for (const engine of engines) {
    const asked = engine === 'torch' ? (torch ? (peer ?? nearest) : undefined) : optimizer
    if (asked === undefined || rows.some((row) => row.engine === engine && row.optimizer === asked)) continue
    const what = `${engine.padEnd(10)}  ${asked.padEnd(17)}`
    try {
      const [command, script] = engine === 'torch' ? [options.python, [TORCH]] : [process.execPath, [ROW, engine]]
      rows.push({ engine, optimizer: asked, ...ask(measured, command, [...script, asked, String(seconds)], limit) })
      console.log(`${what}  ${digits(rows.at(-1)?.stepMs ?? null).padStart(7)} ms`)
    } catch (error) {
      missing.push({ engine, optimizer: asked, why: error instanceof Error ? error.message : String(error) })
      console.log(`${what}  ${missing.at(-1)?.why}`)
    }
    save()
  }
}
console.log(`\n${formatTable(COLUMNS, cells(results))}\n\n${file}.md, .json`)

function findTorch(): Results['torch'] {
  try {
    return ask(z.object({ version: z.string(), threads: z.number() }), options.python, [TORCH], limit)
  } catch (error) {
    missing.push({ engine: 'torch', why: error instanceof Error ? error.message : String(error) })
    return undefined
  }
}

function save(): void {
  mkdirSync(options.out, { recursive: true })
  writeFileSync(`${file}.json`, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(`${file}.md`, toMarkdown(results))
}

function listOf(option: string, text: string, known: readonly string[]): string[] {
  return text.split(',').map((name) => {
    if (known.includes(name)) return name
    throw new RangeError(`--${option}: there is no ${name}; there are ${known.join(', ')}`)
  })
}

function positive(option: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new RangeError(`--${option} wants a positive number, not ${text}`)
  return number
}
