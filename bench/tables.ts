/*
 * What a step on an embedding table costs as the table grows, the rows that a batch touches staying as many: a limit, and
 * beside it the same step when whole tables are differentiated and updated.
 *
 *   node bench/tables.ts [--engines wasm,tensorflow]
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { formatTable } from '../src/cli/format.ts'
import { createEngine } from '../src/engine/engine.ts'
import { createRandom } from '../src/numerics/random.ts'
import { type EngineName, isEngineName, type Tf } from '../src/study/engine.ts'
import {
  adam,
  binaryClassification,
  clickMlp,
  createBatches,
  type Dataset,
  disposeTraining,
  gatherBatch,
  initialWeights,
  startTraining,
  trainStep,
  uploadDataset,
} from '../src/train/index.ts'

const { values: options } = parseArgs({ options: { engines: { type: 'string', default: 'wasm' } } })
const [FIELDS, WIDTH, BATCH, ROWS] = [8, 16, 512, 8192]
const TABLES = [1e4, 1e5, 1e6]
const WHOLE_UP_TO = 1e5
const STEPS = 300
/** A step on the largest table may take so many times as long as one on the smallest. */
const LIMIT = 2

console.log(`${cpus().length} cores of ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`)
for (const name of options.engines.split(',').filter(isEngineName)) await measureEngine(name)

async function measureEngine(name: EngineName): Promise<void> {
  const tf = await (await createEngine(name)).load()
  const rows: string[][] = []
  let smallest = 0
  for (const ids of TABLES) {
    const touched = await stepTime(tf, ids, true)
    smallest ||= touched
    const whole = ids <= WHOLE_UP_TO ? (await stepTime(tf, ids, false)).toFixed(2) : ''
    rows.push([String(ids), touched.toFixed(2), (touched / smallest).toFixed(2), String(LIMIT), whole])
  }
  const header = [`${name}: rows of the table`, 'touched rows, ms a step', 'ratio', 'limit', 'whole table, ms a step']
  console.log(`${formatTable(header, rows)}\n`)
}

/** Milliseconds: the median of steps with Adam, each waited for by reading its loss. */
async function stepTime(tf: Tf, ids: number, isSparse: boolean): Promise<number> {
  const random = (purpose: string) => createRandom(0, 0, purpose)
  const draw = random('ids')
  const values = Int32Array.from(
    { length: ROWS * FIELDS },
    (_, i) => ((i % FIELDS) + FIELDS * draw.int(ids / FIELDS)) | 0,
  )
  const dataset: Dataset = {
    rows: ROWS,
    inputs: { categories: { values, shape: [FIELDS] } },
    labels: { values: Int32Array.from({ length: ROWS }, () => draw.int(2)), shape: [] },
  }
  const model = clickMlp({ embedding: WIDTH, hidden: [64] }, { fields: FIELDS, vocabulary: ids })
  const training = { model, task: binaryClassification, optimizer: adam({ learningRate: 1e-3 }) }
  const examples = uploadDataset(tf, dataset)
  const batches = createBatches(ROWS, random)
  const times: number[] = []
  let state = startTraining(tf, training, initialWeights(model, random))
  for (let step = 0; step < STEPS; step++) {
    const began = performance.now()
    const batch = () => {
      const { touched, ...whole } = gatherBatch(tf, examples, batches.next(BATCH))
      return isSparse && touched ? { ...whole, touched } : whole
    }
    state = trainStep(tf, training, state, batch, random('dropout'))
    await state.lossSum.data()
    times.push(performance.now() - began)
  }
  disposeTraining(state)
  tf.dispose([examples.inputs, examples.labels])
  return times.sort((a, b) => a - b)[STEPS / 2] ?? Number.NaN
}
