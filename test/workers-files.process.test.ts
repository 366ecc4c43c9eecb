import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { observeRun } from '../src/cli/status/run.ts'
import { observeWorker } from '../src/cli/status/worker.ts'
import { namesUnder } from '../src/queue/redis/names.ts'
import { packageVersion } from '../src/runner/environment.ts'
import { parseSeconds } from '../src/study/quantity.ts'
import { cli } from './helpers/cli.ts'
import { temporaryFolder } from './helpers/folder.ts'

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const PAGE = read('docs/workers.md')
const README = read('workers/README.md')
const COMPOSE = read('workers/compose.yaml')
const KUBERNETES = read('workers/kubernetes.yaml')
const CONTAINERFILE = read('workers/Containerfile')

/** The words after `dynotune` wherever it is started: lists of arguments, lines of shells, steps of the image. */
const commandLines = [
  ...[...`${COMPOSE}${KUBERNETES}`.matchAll(/\b(?:command|args): \[((?:run|worker),[^\]]*)\]/g)].map(([, list = '']) =>
    list.split(/,\s*/).map((word) => word.replace(/^"(.*)"$/, '$1')),
  ),
  ...[...`${PAGE}${README}${CONTAINERFILE}`.matchAll(/^(?:RUN )?dynotune ([a-z][^#\n]*)/gm)].map(([, line = '']) =>
    line.trim().split(/\s+/),
  ),
]

test('every command line has a command and options that there are, with values where they take one', async () => {
  expect(commandLines.map(([command]) => command).sort()).toEqual(
    ['worker', 'worker', 'worker', 'worker', 'run', 'run', 'top', 'engine', 'engine'].sort(),
  )
  const folder = temporaryFolder()
  for (const [command = '', ...words] of commandLines) {
    const help = await helpOf([command, ...(command === 'engine' ? [words[0] ?? ''] : [])], folder)
    for (const [i, word] of words.entries()) {
      if (!word.startsWith('--')) continue
      const kind = new RegExp(`^ +(?:-\\w, )?${word} [\\s\\S]*?\\[(\\w+)`, 'm').exec(help)?.[1]
      expect(kind, `${word} of dynotune ${command}`).toBeDefined()
      expect(words[i + 1]?.startsWith('--') ?? true, `${word} without a value`).toBe(kind === 'boolean')
    }
  }
})

test('every option that the page names is one of run, worker, top or engine install', async () => {
  const folder = temporaryFolder()
  const commands = [['run'], ['worker'], ['top'], ['engine', 'install']]
  const help = (await Promise.all(commands.map((command) => helpOf(command, folder)))).join('\n')
  for (const [, option = ''] of PAGE.matchAll(/`(?:dynotune [a-z]+ )?(--[a-z-]+)/g))
    expect(help, option).toMatch(new RegExp(`^ +(-\\w, )?${option} `, 'm'))
})

const helps = new Map<string, Promise<string>>()

function helpOf(command: readonly string[], folder: string): Promise<string> {
  const name = command.join(' ')
  const help = helps.get(name) ?? cli([...command, '--help'], folder).then(({ stdout }) => stdout)
  helps.set(name, help)
  return help
}

test('the metrics that the page names are those that a run and a worker export', () => {
  const about = {
    ...{ name: 'a', slots: 1, running: [], spare: 1, classes: ['b'], version: '1', engine: 'auto', labels: {} },
    ...{ gpuMemory: 0, refuses: [] },
  }
  const counts = { running: 0, finished: 0, lost: 0, refused: 0, restarts: 0 }
  const worker = observeWorker({ slots: 1, counts: () => counts, record: () => about, state: () => 'taking' })
  const run = observeRun()
  run.progress({ type: 'lost', trial: 0, trainer: 0, reason: { code: 'worker.lost', message: '' }, again: true })
  run.load([{ class: 'default', waiting: 0, needed: 0 }])
  const text = run.metrics() + worker.metrics()
  run.end()
  const exported = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
  expect([...PAGE.matchAll(/^\| `(dynotune_\w+)`/gm)].map(([, name]) => name)).toEqual(exported)
  for (const [, name] of `${README}${KUBERNETES}`.matchAll(/\b(dynotune_\w+)/g)) expect(exported).toContain(name)
  for (const [label] of text.matchAll(/(?<=[{,])\w+(?==")|(?<=(?:outcome|state)=")\w+/g))
    expect(PAGE).toContain(`\`${label}\``)
})

test('images, keys and rights are those of this version and of the page', () => {
  const images = [...`${COMPOSE}${KUBERNETES}${CONTAINERFILE}`.matchAll(/\bdynotune:(\d+\.\d+\.\d+)/g)]
  expect(images).toHaveLength(5)
  for (const [, version] of images) expect(version).toBe(packageVersion())
  const { prefix, queue } = namesUnder()
  for (const kind of ['active', 'prioritized'])
    expect(README.replaceAll('VERSION', packageVersion())).toContain(`${prefix}:${queue('CLASS')}:${kind}`)
  const [, user = '', rights = ''] = /^ACL SETUSER (\S+) on >PASSWORD (.+)$/m.exec(PAGE) ?? []
  expect(COMPOSE).toContain(`user default off\n      user ${user} on >\${REDIS_PASSWORD} ${rights}\n`)
})

test('workers are given longer to leave than they take', () => {
  const seconds = (pattern: RegExp, text: string) => parseSeconds(pattern.exec(text)?.[1] ?? '') ?? Number.NaN
  const grace = /--grace, (\d\w*)/
  expect(seconds(/stop_grace_period: (\w+)/, COMPOSE)).toBeGreaterThanOrEqual(seconds(grace, COMPOSE) + 10)
  expect(seconds(/terminationGracePeriodSeconds: (\w+)/, KUBERNETES)).toBeGreaterThanOrEqual(
    seconds(grace, KUBERNETES) + 10,
  )
})

const hasYaml = spawnSync('python3', ['-c', 'import yaml']).status === 0

test.skipIf(!hasYaml)(
  `the files are YAML${hasYaml ? '' : ' (skipped: no PyYAML; apt-get install python3-yaml)'}`,
  () => {
    const script = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(sys.stdin))))'
    const documents = (input: string) =>
      JSON.parse(spawnSync('python3', ['-c', script], { input, encoding: 'utf8' }).stdout)
    const [compose] = documents(COMPOSE)
    expect(Object.keys(compose.services)).toEqual(['redis', 'run', 'worker', 'gpu-worker'])
    // What `<<` brings in is there, and what is said beside it counts.
    expect(compose.services['gpu-worker']).toMatchObject({ init: true, stop_grace_period: '75s', profiles: ['gpu'] })
    const [deployment, scaled] = documents(KUBERNETES)
    const { metadata, spec } = deployment
    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels)
    expect(spec.template.spec.containers[0].resources.limits).toMatchObject({ 'nvidia.com/gpu': 1 })
    expect(scaled.spec.scaleTargetRef.name).toBe(metadata.name)
    const { args } = spec.template.spec.containers[0]
    expect(scaled.spec.triggers[0].metadata.threshold).toBe(args[args.indexOf('--slots') + 1])
  },
)
