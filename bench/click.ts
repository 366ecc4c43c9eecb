/*
 * Test figures of the studies on click-like data: each model as validation tuned it, over several seeds; and for "Adult"
 * the same DCN-V2 in PyTorch on the same arrays.
 *
 *   node bench/click.ts [--studies LIST] [--engine NAME] [--python PATH] [--out FOLDER]
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { createEngine } from '../src/engine/engine.ts'
import { importStudy } from '../src/runner/study-module.ts'
import { isEngineName } from '../src/study/engine.ts'
import { type Choice, choose, type RunTrial } from './click/choose.ts'
import { cellsOf, columnsOf, type Results, type Row, toMarkdown } from './click/report.ts'
import { createRunner, type Runner } from './click/runner.ts'
import { trainInTorch } from './click/torch.ts'
import { describeMachine, kindOf } from './engines/machine.ts'

/** By study: the parameters whose values are compared, and the one that numbers the seeds. The others are tuned. */
const STUDIES: Readonly<Record<string, { readonly compare: readonly string[]; readonly repeat: string }>> = {
  'dcn-toy': { compare: ['model'], repeat: 'repeat' },
  'feature-products': { compare: ['order', 'model'], repeat: 'problem' },
  adult: { compare: ['model', 'dcnV2.rank'], repeat: 'repeat' },
}

const { values: options } = parseArgs({
  options: {
    studies: { type: 'string', default: Object.keys(STUDIES).join() },
    engine: { type: 'string', default: 'wasm' },
    python: { type: 'string', default: 'python3' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
  },
})

if (!isEngineName(options.engine)) throw new RangeError(`--engine: there is no ${options.engine}`)
const engine = await createEngine(options.engine)
const folder = mkdtempSync(join(tmpdir(), 'dynotune-bench-'))
try {
  for (const study of options.studies.split(',')) await tabulate(study)
} finally {
  rmSync(folder, { recursive: true })
}

async function tabulate(name: string): Promise<void> {
  const roles = STUDIES[name]
  if (!roles) throw new RangeError(`--studies: there is no ${name}; there are ${Object.keys(STUDIES).join(', ')}`)
  const study = await importStudy(new URL(`../studies/${name}.ts`, import.meta.url).href)
  const { metric, goal, question = name } = study.definition
  const runner = createRunner(study, engine, join(folder, name))
  const trials: RunTrial[] = []
  for (let number = 0; number < study.space.size; number++) {
    const trial = await runner.run(number)
    const values = [...Object.values(trial.params), trial.metrics?.[metric] ?? 'no value', trial.seconds.toFixed(1)]
    console.log(`${number + 1}/${study.space.size}  ${values.join('  ')} s`)
    trials.push(trial)
  }

  // All that is chosen is chosen before the first of the test rows is read.
  const choices = choose(trials, { metric, goal, ...roles })
  const rows: Row[] = []
  for (const choice of choices) rows.push(await rowOf(choice, metric, runner))

  const machine = describeMachine()
  const peer = name === 'adult' ? await torchRow(choices) : {}
  const results: Results = {
    ...{ name, question, date: new Date().toISOString().slice(0, 10), machine },
    ...{ engine: `${engine.name}: ${engine.device}`, metric, trials: trials.length, rows, ...peer },
  }
  const file = join(options.out, `${name}-${kindOf(machine)}`)
  mkdirSync(options.out, { recursive: true })
  writeFileSync(`${file}.json`, `${JSON.stringify(results, null, 1)}\n`)
  writeFileSync(`${file}.md`, toMarkdown(results))
  console.log(`\n${formatTable(columnsOf(results), cellsOf(results))}\n\n${file}.md, .json\n`)
}

/** The row of a choice, with what the study's `test` says of each of its trials. */
async function rowOf({ compared, tuned, trials }: Choice, metric: string, { test }: Runner): Promise<Row> {
  const seconds = trials.map(({ seconds }) => seconds)
  const validation = trials.map(({ metrics }) => metrics?.[metric] ?? Number.NaN)
  const tested: number[] = []
  for (const trial of trials) tested.push((await test(trial))[metric.replace('validation', 'test')] ?? Number.NaN)
  const parameters = trials[0]?.metrics?.parameters ?? Number.NaN
  return { compared, tuned, parameters, seconds, validation, test: tested }
}

/** DCN-V2 of whole matrices in PyTorch, at the learning rate that it has here. */
async function torchRow(choices: readonly Choice[]): Promise<Pick<Results, 'peer' | 'missing'>> {
  const { columns, data, settings, training } = await import('../studies/adult.ts')
  const tuned = choices.find(({ compared }) => compared['dcnV2.rank'] === 'full')?.tuned ?? {}
  const hidden = Array.from({ length: settings.depth }, () => settings.width)
  const config = { ...columns, ...settings, ...training, ...tuned, hidden, seeds: choices[0]?.trials.length }
  try {
    const { version, ...row } = trainInTorch({ ...options, folder: join(folder, 'torch'), parts: data, config })
    return { peer: { by: `PyTorch ${version}`, compared: { model: 'dcnV2', rank: 'full' }, tuned, ...row } }
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) }
  }
}
