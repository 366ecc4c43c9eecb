import { bool, defineStudy, float, int } from 'dynotune'
import {
  adam,
  cosineDecay,
  type Dataset,
  generate,
  headlines,
  lstmNextWord,
  nextToken,
  prepareLines,
  splitRows,
  takeRows,
  testBest,
  toTensors,
  train,
  warmup,
  wordPerplexities,
} from 'dynotune/train'

const LINES = 2000
/** One more than the words of the longest headline. */
const LENGTH = 16
const STEPS = 1000
const WARMUP = 50

export default defineStudy({
  name: 'headlines',
  question:
    'How many units does an LSTM need to write headlines, and does it pay to read and predict words by one table?',
  space: {
    units: int(32, 128, { scale: 'log', step: 2 }),
    tied: bool(),
    learningRate: float(0.01, 0.04, { scale: 'log' }),
  },
  metric: 'validationPerplexity',
  goal: 'minimize',
  budget: { trials: 8 },
  seed: 0,

  async run(trial) {
    const { learningRate, ...shape } = trial.params
    const { words, end, ...data } = text()
    const lstm = model(words.list.length, shape)
    const { metrics, best } = await train(trial, {
      data: { train: wholeLines(data.train, end), validation: wholeLines(data.validation, end) },
      model: lstm,
      task: nextToken(),
      optimizer: adam({ learningRate }),
      schedule: warmup(cosineDecay({ steps: STEPS - WARMUP }), { steps: WARMUP, factor: 0, prefix: true }),
      batchSize: 32,
      steps: STEPS,
      evaluateEvery: STEPS / 10,
      onBest: ({ step, weights }) => trial.checkpoint.save(step, weights),
    })
    if (!best) return metrics

    // `dynotune show headlines --trial N` shows them.
    const tf = await trial.engine.load()
    const params = toTensors(tf, best.weights)
    const random = trial.random('headlines')
    for (let line = 0; line < 5; line++) {
      const tokens = await generate(tf, lstm, params, [end], { count: LENGTH, window: LENGTH, random, end })
      console.log(tokens.map((token) => words.list[token]).join(' '))
    }
    tf.dispose(params)
    return metrics
  },

  /** Beside the model's perplexity those that it has to beat, of the same words and ends of lines, and the least that is possible. */
  async test(trial) {
    const { words, end, ...data } = text()
    const metrics = await testBest(trial, {
      model: model(words.list.length, trial.params),
      task: nextToken(),
      data: wholeLines(data.test, end),
    })
    const { unigram, bigram } = wordPerplexities(data.train, data.test, words.list.length)
    const { perplexity } = headlines({ lines: LINES }).truth
    return { ...metrics, unigramPerplexity: unigram, bigramPerplexity: bigram, possiblePerplexity: perplexity }
  },
})

/** Whole headlines are dealt to the parts, and the words known are those of the training part. */
function text() {
  const data = prepareLines(headlines({ lines: LINES }).lines, splitRows(LINES), { length: LENGTH })
  return { ...data, end: data.words.list.indexOf('<end>') }
}

/**
 * Each line once, with every word of it to predict, rather than once for each word: an epoch has a fourteenth of the rows.
 * A line begins after the end of another; the padding before that is not counted.
 */
function wholeLines(data: Dataset, end: number): Dataset {
  const { rows, inputs, labels } = takeRows(
    data,
    [...data.labels.values.keys()].filter((row) => data.labels.values[row] === end),
  )
  const words = Int32Array.from(inputs.tokens?.values ?? [])
  const isLast = (i: number) => (i + 1) % LENGTH === 0
  return {
    rows,
    inputs: {
      tokens: { values: words.map((word, i) => (word === 0 && words[i + 1] !== 0 ? end : word)), shape: [LENGTH] },
    },
    labels: { ...labels, values: words.map((_, i) => (isLast(i) ? end : words[i + 1] || -1)), shape: [LENGTH] },
  }
}

function model(vocabulary: number, { units, tied }: { readonly units: number; readonly tied: boolean }) {
  return lstmNextWord({ vocabulary, units, tied, embedding: 32, dropout: 0.3, predicts: 'every' })
}
