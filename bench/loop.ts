/*
 * What the training loop costs: a step of it beside a bare step, which is gradients and optimizer with nothing around them.
 *
 *   node bench/loop.ts [--engines LIST] [--models LIST] [--seconds N] [--rounds N] [--out FOLDER]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ask } from './engines/ask.ts'
import { describeMachine, kindOf } from './engines/machine.ts'
import { MODEL_NAMES } from './loop/case.ts'
import { cellsOf, toMarkdown } from './loop/report.ts'
import { type Missing, measured, type Row } from './loop/result.ts'

const ROW = fileURLToPath(new URL('./loop/row.ts', import.meta.url))

const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: 'wasm,tensorflow' },
    models: { type: 'string', default: MODEL_NAMES.join() },
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '15' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
  },
})

const machine = describeMachine()
const rows: Row[] = []
const missing: Missing[] = []
for (const engine of options.engines.split(',')) {
  for (const model of options.models.split(',')) {
    try {
      const args = [ROW, engine, model, options.seconds, options.rounds]
      const row = ask(measured, process.execPath, args, 120 + 10 * Number(options.seconds))
      rows.push(row)
      for (const cells of cellsOf(row)) console.log(cells.join('  '))
    } catch (error) {
      missing.push({ engine, model, why: error instanceof Error ? error.message : String(error) })
      console.log(`${engine}  ${model}  ${missing.at(-1)?.why}`)
    }
  }
}
const file = join(options.out, `loop-${kindOf(machine)}`)
const results = { date: new Date().toISOString().slice(0, 10), machine, rows, missing }
mkdirSync(options.out, { recursive: true })
writeFileSync(`${file}.json`, `${JSON.stringify(results, null, 1)}\n`)
writeFileSync(`${file}.md`, toMarkdown(results))
console.log(`\n${file}.md, .json`)
