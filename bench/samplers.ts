/*
 * How good the samplers' suggestions are, and how quickly they come, beside Optuna's.
 *
 *   node bench/samplers.ts [--only LIST] [--samplers LIST] [--seeds N] [--python PATH] [--no-peers] [--optuna LIST]
 *                          [--cache FOLDER] [--out FOLDER]
 *   node bench/samplers.ts --problems LIST [--trials N] [--pending N]    prints medians and writes nothing
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { render } from '../src/report/render.ts'
import { digits } from './engines/digits.ts'
import { describeMachine, kindOf } from './engines/machine.ts'
import { hold } from './samplers/contest.ts'
import { type Optuna, openOptuna } from './samplers/optuna.ts'
import { problemsNamed } from './samplers/problems/families.ts'
import { figuresOf, toMarkdown } from './samplers/report.ts'
import { type Contest, type Entry, type Results, type Section, sections } from './samplers/result.ts'
import { PLANS, type Plan } from './samplers/sections.ts'
import { speeds } from './samplers/speed.ts'
import { regretOf, type Subject } from './samplers/subject.ts'

const PARTS = [...PLANS.map(({ name }) => name), 'speed']

const { values: options } = parseArgs({
  allowNegative: true,
  options: {
    only: { type: 'string', default: PARTS.join() },
    samplers: { type: 'string' },
    seeds: { type: 'string' },
    problems: { type: 'string' },
    trials: { type: 'string', default: '80' },
    pending: { type: 'string', default: '1' },
    peers: { type: 'boolean', default: true },
    optuna: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    cache: { type: 'string', default: fileURLToPath(new URL('../.dynotune/bench/samplers', import.meta.url)) },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
  },
})
const samplers = options.samplers?.split(',')
const peers = options.optuna?.split(',')
const seeds = options.seeds === undefined ? undefined : Number(options.seeds)
const machine = describeMachine()
const file = join(options.out, `samplers-${kindOf(machine)}`)

const { optuna, why } = await beside()
if (options.problems === undefined) await report()
else await print(options.problems.split(','))
optuna?.close()

async function print(problems: readonly string[]): Promise<void> {
  const { trials, pending, cache: folder } = options
  for (const problem of problemsNamed(problems)) {
    await hold(regretOf(problem), {
      ...{ samplers: samplers ?? ['auto'], optuna, peers, folder, seeds: seeds ?? 11, onEntry },
      ...{ trials: Number(trials), pending: Number(pending) },
    })
  }
}

async function report(): Promise<void> {
  const results: { machine: Results['machine']; sections: Record<string, Section> } = { machine, sections: earlier() }
  for (const name of options.only.split(',')) {
    const plan = PLANS.find((one) => one.name === name)
    if (!plan && name !== 'speed') throw new RangeError(`--only: there is no ${name}; there are ${PARTS.join(', ')}`)
    const date = new Date().toISOString().slice(0, 10)
    const about = {
      date,
      ...(optuna && { optuna: optuna.version }),
      missing: optuna ? optuna.missing : { Optuna: why },
    }
    results.sections[name] = plan
      ? { ...about, speeds: [], contests: await contests(plan) }
      : { ...about, contests: [], speeds: await speeds(optuna, (row) => console.log(Object.values(row).join('  '))) }
    await save(results)
  }
  console.log(`\n${file}.md, .json`)
}

async function contests(plan: Plan): Promise<Contest[]> {
  const { trials } = plan
  const held: Contest[] = []
  for (const pending of plan.pending) {
    for (const subject of await plan.subjects()) {
      const taking = {
        samplers: samplers ?? plan.samplers,
        seeds: seeds ?? plan.seeds,
        optuna,
        peers,
        folder: options.cache,
      }
      held.push(await hold(subject, { ...taking, trials, pending, onEntry }))
    }
  }
  return held
}

/** Every section that is there already stays until it is run again. */
function earlier(): Record<string, Section> {
  if (!existsSync(`${file}.json`)) return {}
  const known = sections.safeParse(JSON.parse(readFileSync(`${file}.json`, 'utf8')).sections)
  if (known.success) return known.data
  throw new Error(`${file}.json is not what this benchmark writes now: run all sections anew, without it.`)
}

async function save(results: Results): Promise<void> {
  mkdirSync(file, { recursive: true })
  // Lists of numbers are a line each.
  const text = JSON.stringify(results, null, 1).replace(/\[[^[\]{}]*\]/g, (list) => list.replace(/\s+/g, ' '))
  writeFileSync(`${file}.json`, `${text}\n`)
  writeFileSync(`${file}.md`, toMarkdown(results, basename(file)))
  for (const plan of PLANS) {
    const section = results.sections[plan.name]
    for (const figure of section ? figuresOf(plan, section) : []) {
      const { light, dark } = await render(figure)
      writeFileSync(join(file, `${figure.name}.light.svg`), light)
      writeFileSync(join(file, `${figure.name}.dark.svg`), dark)
    }
  }
}

async function beside(): Promise<{ optuna?: Optuna; why: string }> {
  if (!options.peers) return { why: 'left out' }
  try {
    return { optuna: await openOptuna(options.python), why: '' }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    console.log(`Optuna is not beside: ${why}\n`)
    return { why }
  }
}

function onEntry({ name }: Subject, { sampler, by, course }: Entry, seconds: number): void {
  const [, low, median, high] = course.at(-1) ?? [0, null, null, null]
  const time = `${digits(1000 * seconds)} ms`
  console.log([name, by, sampler, digits(median), `${digits(low)} to ${digits(high)}`, time].join('  '))
}
