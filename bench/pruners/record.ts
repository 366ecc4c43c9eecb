/*
 * Records the curves that bench/pruners.ts replays: runs bench/studies/mnist-mlp-curves.ts with its 500 trials and packs the
 * validation errors into bench/data/mnist-mlp-curves.json. Goes on where it was interrupted, as any study does.
 *
 *   node bench/pruners/record.ts [--db FILE] [--out FILE]
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const CLI = at('../../bin/dynotune.js')
const STUDY = at('../studies/mnist-mlp-curves.ts')
const METRIC = 'validationAccuracy'

const { values: options } = parseArgs({
  options: {
    db: { type: 'string', default: 'mnist-mlp-curves.db' },
    out: { type: 'string', default: at('../data/mnist-mlp-curves.json') },
  },
})

const exported = z.object({
  trials: z.array(
    z.object({
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      measurements: z.array(z.object({ step: z.number(), metrics: z.object({ [METRIC]: z.coerce.number() }) })),
    }),
  ),
})

dynotune(['run', STUDY, '--db', options.db, '--out', join(options.db, '../mnist-mlp-curves-reports')], 'inherit')
const text = dynotune(['export', 'mnist-mlp-curves', '--format', 'json', '--measurements', '--db', options.db], 'pipe')
const { trials } = exported.parse(JSON.parse(text))
const longest = trials.map(({ measurements }) => measurements).reduce((a, b) => (b.length > a.length ? b : a))

const made =
  '500 trials of bench/studies/mnist-mlp-curves.ts by `node bench/pruners/record.ts`: one or two dense layers with ' +
  'dropout, AdamW or Nesterov momentum at a constant rate, drawn at random; trained on 20,000 images of MNIST in batches ' +
  'of 16, 32 or 64 on wasm. errors: of 5,000 other training images, in percent, at the steps; null when training had ' +
  'diverged.'
const head = `{\n"made":${JSON.stringify(made)},\n"steps":${JSON.stringify(longest.map(({ step }) => step))},\n"trials":[`
const lines = trials.map(({ params, measurements }) =>
  JSON.stringify({
    params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, rounded(value)])),
    // 5,000 images: two decimals keep all of it.
    errors: measurements.map(({ metrics }) => Number((100 * (1 - metrics[METRIC])).toFixed(2))),
  }),
)
writeFileSync(options.out, `${head}\n${lines.join(',\n')}\n]}\n`)
console.log(`${trials.length} curves of ${longest.length} reports: ${options.out}`)

function rounded(value: number | string | boolean): number | string | boolean {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value
}

function dynotune(words: string[], output: 'inherit' | 'pipe'): string {
  const stdio = ['inherit', output, 'inherit'] as const
  return execFileSync(process.execPath, [CLI, ...words], { encoding: 'utf8', stdio: [...stdio], maxBuffer: 2 ** 28 })
}
