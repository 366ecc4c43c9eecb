/*
 * What each pruner saves on recorded curves, and what it loses: steps trained as a share of all, the best error found against
 * the best there is, and how often the best trial is stopped.
 *
 *   node bench/pruners.ts [--pruners LIST] [--orders N] [--parallel N] [--out FOLDER]
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { createRandom } from '../src/numerics/random.ts'
import { PRUNER_NAMES, prunerNamed } from '../src/pruners/registry.ts'
import { readRecording } from './pruners/recording.ts'
import { type Curves, replay } from './pruners/replay.ts'
import { COLUMNS, cells, type Results, type Row, toMarkdown } from './pruners/report.ts'

/** Those are curves of trainings, not of folds, which the Wilcoxon pruner is for. */
const DEFAULT = PRUNER_NAMES.filter((name) => name !== 'wilcoxon')

const { values: options } = parseArgs({
  options: {
    pruners: { type: 'string', default: DEFAULT.join() },
    orders: { type: 'string', default: '200' },
    parallel: { type: 'string', default: '4' },
    out: { type: 'string', default: fileURLToPath(new URL('./results', import.meta.url)) },
  },
})
const [orders, parallel] = [count('orders', options.orders), count('parallel', options.parallel)]

const { made, steps, trials } = readRecording(new URL('./data/mnist-mlp-curves.json', import.meta.url))
const curves: Curves = trials.map(({ errors }) =>
  errors.map((error, i) => ({ step: steps[i] ?? 0, value: error ?? Number.NaN })),
)

const rows: Row[] = []
for (const pruner of options.pruners.split(',')) {
  for (const part of ['all', 'half'] as const) rows.push(measure(pruner, part))
  console.log(`${pruner.padEnd(18)} ${((rows.at(-2)?.share ?? 0) * 100).toFixed(1)} % of the steps`)
}
const results: Results = { date: new Date().toISOString().slice(0, 10), made, parallel, rows }
mkdirSync(options.out, { recursive: true })
writeFileSync(join(options.out, 'pruners.json'), `${JSON.stringify(results, null, 1)}\n`)
writeFileSync(join(options.out, 'pruners.md'), toMarkdown(results))
console.log(`\n${formatTable(COLUMNS, cells(results))}\n\n${join(options.out, 'pruners')}.md, .json`)

function measure(pruner: string, part: Row['curves']): Row {
  const replays = Array.from({ length: orders }, (_, order) => {
    const drawn = createRandom(order, 0, 'half')
      .permutation(curves.length)
      .slice(0, curves.length / 2)
    const some = part === 'all' ? curves : drawn.map((place) => curves[place] ?? [])
    return replay(some, createRandom(order, 0, 'order'), prunerNamed(pruner), parallel)
  })
  const mean = (of: (one: (typeof replays)[number]) => number) =>
    replays.reduce((sum, one) => sum + of(one), 0) / orders
  const shares = replays.map(({ share }) => share).sort((a, b) => a - b)
  return {
    pruner,
    curves: part,
    orders,
    share: mean(({ share }) => share),
    shareHigh: shares[Math.ceil(0.95 * orders) - 1] ?? Number.NaN,
    above: mean(({ above }) => above),
    aboveWorst: Math.max(...replays.map(({ above }) => above)),
    lostBest: mean(({ lostBest }) => Number(lostBest)),
    decisionMs:
      (1000 * mean(({ decisionSeconds }) => decisionSeconds)) /
      Math.max(
        1,
        mean(({ decisions }) => decisions),
      ),
  }
}

function count(option: string, text: string): number {
  const number = Number(text)
  if (!(Number.isSafeInteger(number) && number > 0)) throw new RangeError(`--${option} wants a count, not ${text}`)
  return number
}
