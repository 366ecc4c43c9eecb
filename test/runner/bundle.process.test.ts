import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { createEmbeddedQueue } from '../../src/queue/embedded.ts'
import { bundleStudy } from '../../src/runner/bundle.ts'
import { createBundleCache } from '../../src/runner/bundle-cache.ts'
import type { TrialEvent, TrialJob } from '../../src/runner/job.ts'
import type { Measurement } from '../../src/study/trial.ts'
import { eventsOf } from '../helpers/events.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'

const ROOT = new URL('../../', import.meta.url)
const STUDIES = globSync('studies/*.ts', { cwd: fileURLToPath(ROOT) }).map((file) => new URL(file, ROOT).href)
const SAMPLE = fileURLToPath(new URL('test/fixtures/train/adult-sample.data', ROOT))

/** Bundles a study as a scheduler does, and keeps it as a worker does: where no package can be found. */
async function delivered(url: string): Promise<string> {
  const { digest, code } = await bundleStudy(url)
  return createBundleCache(join(temporaryFolder(), 'bundles')).keep(digest, code)
}

/** What a process of its own prints, which imports from this project by `own:`. */
function printed(script: string, nodeOptions: readonly string[] = []): string {
  const code = script.replaceAll('own:', ROOT.href)
  const env = { ...process.env, ADULT_DATA: SAMPLE }
  const words = [...nodeOptions, '--input-type=module', '--eval', code]
  return execFileSync(process.execPath, words, { cwd: temporaryFolder(), env, encoding: 'utf8' })
}

/** Runs one job to its end, asking it to stop after its first measurement. */
async function runShort(module: string, params: TrialJob['params'], metric: string) {
  const queue = createEmbeddedQueue({ slots: 1, module, engine: 'cpu' })
  onTestFinished(() => queue.close())
  const events: TrialEvent[] = []
  void (async () => {
    for await (const event of eventsOf(queue)) events.push(event)
  })()
  await queue.submit({
    id: 'only',
    fence: 1,
    phase: 'run',
    module,
    trial: 0,
    attempt: 1,
    params,
    seed: 1,
    metric,
    goal: 'maximize',
    engine: 'cpu',
    limits: {},
    checkpoint: join(temporaryFolder(), 'checkpoint'),
  })
  const has = (type: TrialEvent['type']) => events.some((event) => event.type === type)
  await until(() => has('measured') || has('finished'), 'the first measurement')
  await queue.stop('only')
  await until(() => has('finished'), 'the end')
  const measurements = events.flatMap((event): readonly Measurement[] =>
    event.type === 'measured' ? event.measurements : [],
  )
  const end = events.find((event) => event.type === 'finished')
  if (!end) throw new Error('unreachable')
  return { measurements, outcome: end.outcome, output: end.output }
}

test('every study of the project is the same study when it arrives', async () => {
  expect(STUDIES.length).toBeGreaterThan(5)
  const pairs = await Promise.all(STUDIES.map(async (url) => [url, await delivered(url)]))
  const digests: [string, string][] = JSON.parse(
    printed(`import { importStudy } from 'own:src/runner/study-module.ts'
import { studyDigest } from 'own:src/study/study.ts'
const digest = async (url) => studyDigest((await importStudy(url)).definition)
console.log(JSON.stringify(await Promise.all(${JSON.stringify(pairs)}.map((pair) => Promise.all(pair.map(digest))))))`),
  )
  expect(digests).toHaveLength(STUDIES.length)
  for (const [here, there] of digests) expect(there).toBe(here)
  expect(new Set(digests.map(([here]) => here)).size).toBe(STUDIES.length)
})

test('a trainer trains a study that arrived, as it trains the file itself', async () => {
  const url = new URL('studies/digits.ts', ROOT).href
  const optimizer = { kind: 'sgd', learningRate: 0.1, momentum: 0.9 }
  const params = { optimizer, batchSize: 16, dropout: 0, width: 32 }
  const [arrived, itself] = [await delivered(url), url].map((module) => runShort(module, params, 'validationAccuracy'))
  const first = (await arrived)?.measurements[0]
  expect((await arrived)?.outcome.type).toBe('stopped')
  expect(first?.metrics.validationAccuracy).toBeGreaterThan(0.5)
  expect(first?.metrics).toEqual((await itself)?.measurements[0]?.metrics)
})

test('a study of several files and JSON runs, and its errors name the files that its author knows', async () => {
  const folder = temporaryFolder()
  const files = {
    'study.ts': `import { defineStudy, float } from 'dynotune'
import settings from './settings.json' with { type: 'json' }
import { judge } from './parts/judge.ts'

export default defineStudy({
  name: 'several-files',
  space: { x: float(0, settings.most) },
  metric: 'score',
  goal: 'maximize',
  budget: { trials: 1 },
  run: ({ params }) => judge(params.x),
})
`,
    'settings.json': '{ "most": 3 }',
    'parts/judge.ts': `interface Judged { readonly score: number }

export function judge(x: number): Judged {
  if (x > 2) throw new RangeError('too much')
  return { score: 2 * x }
}
`,
  }
  mkdirSync(join(folder, 'parts'))
  for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text)
  const module = await delivered(pathToFileURL(join(folder, 'study.ts')).href)
  expect((await runShort(module, { x: 1.5 }, 'score')).outcome).toMatchObject({
    type: 'complete',
    metrics: { score: 3 },
  })
  expect(JSON.stringify(await runShort(module, { x: 2.5 }, 'score'))).toMatch(/RangeError: too much.* at judge /)

  const stack = printed(
    `import { importStudy } from 'own:src/runner/study-module.ts'
const study = await importStudy('${module}')
try { study.run({ params: { x: 2.5 } }) } catch (error) { console.log(error.stack) }`,
    ['--enable-source-maps'],
  )
  expect(stack).toMatch(/at judge \(study:\/\/\/parts\/judge\.ts:4:20\)\n\s+at .*run.*\(study:\/\/\/study\.ts:11:/)
})

test('packages that stay outside are those of the copy that runs, where a worker keeps its studies', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'study.ts')
  writeFileSync(
    file,
    `import { defineStudy, float } from 'dynotune'
import { version_core } from '@tensorflow/tfjs-core'
export default defineStudy({
  name: version_core, space: { x: float(0, 1) }, metric: 'loss', goal: 'minimize', budget: { trials: 1 }, run: () => 0,
})`,
  )
  const url = await delivered(pathToFileURL(file).href)
  const script = `import { importStudy } from 'own:src/runner/study-module.ts'
console.log((await importStudy('${url}')).definition.name)`
  expect(printed(script)).toBe('4.22.0\n')
})
