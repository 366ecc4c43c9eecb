import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findPackage } from '../../src/engine/packages.ts'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

/** Node finds it before the one that these tests put beside it. */
const isInstalled = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'].some(findPackage)
const SKIPPED = 'a package of TensorFlow is installed here, which would be taken'

/** A folder with a study on the engine `auto`, and a tensorflow package whose native binary is no such thing. */
function folderWithBrokenTensorflow(): { folder: string; environment: NodeJS.ProcessEnv } {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'study.ts'),
    `import { defineStudy, float } from 'dynotune'
export default defineStudy({ name: 'small', space: { x: float(0, 1) }, metric: 'loss', goal: 'minimize', budget: { trials: 4 }, parallel: 2, run: ({ params }) => params.x })`,
  )
  const modules = join(folder, 'elsewhere')
  const home = join(modules, '@tensorflow', 'tfjs-node-gpu')
  for (const part of ['dist', 'lib/napi-v8']) mkdirSync(join(home, part), { recursive: true })
  writeFileSync(join(home, 'package.json'), '{ "name": "@tensorflow/tfjs-node-gpu", "main": "dist/index.js" }')
  writeFileSync(join(home, 'dist/index.js'), '')
  writeFileSync(join(home, 'lib/napi-v8/tfjs_binding.node'), 'not a library')
  return { folder, environment: { NODE_PATH: modules } }
}

test('tensorflow that is installed but broken fails no run: it is said once, and recorded with the trials', async (context) => {
  if (isInstalled) return context.skip(SKIPPED)
  const { folder, environment } = folderWithBrokenTensorflow()
  const { code, stdout, stderr } = await cli(['run', 'study.ts'], folder, environment)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const note = /The engine tensorflow was passed over: .*tfjs-node-gpu.* Try: .*npm rebuild.* So \w+ computes\./g
  expect(stdout.match(note)).toHaveLength(1)
  expect(stdout).toMatch(/^note: The engine tensorflow/m)

  const { stdout: shown } = await cli(['show', 'small', '--trial', '3', '--json'], folder)
  expect(JSON.parse(shown).environment.note).toMatch(note)

  const json = await cli(['run', 'study.ts', '--trials', '6', '--json'], folder, environment)
  const events = json.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(events.filter(({ type }) => type === 'note')).toEqual([{ type: 'note', text: expect.stringMatching(note) }])

  const named = await cli(['run', 'study.ts', '--trials', '8', '--engine', 'wasm'], folder, environment)
  expect(named.stdout).not.toContain('note:')
})

test('doctor names what is broken and the command that mends it, and ends well as long as one engine works', async (context) => {
  if (isInstalled) return context.skip(SKIPPED)
  const { folder, environment } = folderWithBrokenTensorflow()
  const { code, stdout } = await cli(['doctor', '--quick'], folder, environment)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^tensorflow +broken/m)
  expect(stdout).toMatch(
    /\n\nTensorFlow is installed but does not work\.\n\n {2}npm rebuild @tensorflow\/tfjs-node-gpu\n$/,
  )
})
