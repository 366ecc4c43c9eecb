import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'
import { forward } from '../../../src/train/models/forward.ts'
import { generate } from '../../../src/train/models/generate.ts'
import { lstmNextWord } from '../../../src/train/models/lstm-next-word.ts'
import type { Model } from '../../../src/train/models/model.ts'
import { transformerClassifier } from '../../../src/train/models/transformer-classifier.ts'
import { transformerLanguageModel } from '../../../src/train/models/transformer-language-model.ts'
import { adam } from '../../../src/train/optimizers/adam.ts'
import { disposeTraining, startTraining, trainStep } from '../../../src/train/step.ts'
import { nextToken } from '../../../src/train/tasks/next-token.ts'
import { initialWeights, toTensors } from '../../../src/train/weights.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { variedWeights } from '../layers/expect-gradients.ts'

const VOCABULARY = 7
const LENGTH = 8

let tf: Tf
beforeAll(async () => {
  tf = await (await createEngine('cpu')).load()
})

/** Outputs at evaluation for one row of tokens. */
function outputsOf(model: Model, tokens: readonly number[], weights = variedWeights(model)): number[] {
  return tf.tidy(() => {
    const inputs = { tokens: tf.tensor2d([...tokens], [1, tokens.length], 'int32') }
    return [...model.apply(forward(tf, model, toTensors(tf, weights), inputs), inputs).dataSync()]
  })
}

/** The last of the vectors of logits. */
const lastOf = (outputs: readonly number[]) => outputs.slice(-VOCABULARY)
const expectClose = (values: readonly number[], expected: readonly number[]) => {
  expect(values.length).toBe(expected.length)
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
}

const encoder = { vocabulary: VOCABULARY, length: LENGTH, width: 8, heads: 2, blocks: 2 }
const lstm = lstmNextWord({ vocabulary: VOCABULARY, embedding: 3, units: 4 })
const language = transformerLanguageModel(encoder)
const models: readonly (readonly [string, Model, (outputs: readonly number[]) => readonly number[]])[] = [
  ['lstm', lstm, lastOf],
  ['lstm of every word', lstmNextWord({ vocabulary: VOCABULARY, embedding: 3, units: 4, predicts: 'every' }), lastOf],
  ['transformer language model', language, lastOf],
  ['transformer classifier by the mean', transformerClassifier({ ...encoder, classes: 3 }), (all) => all],
  [
    'transformer classifier by a token of its own',
    transformerClassifier({ ...encoder, classes: 3, pooling: 'cls', positions: 'sinusoidal' }),
    (all) => all,
  ],
]
const text = fc.array(fc.integer({ min: 1, max: VOCABULARY - 1 }), { minLength: 1, maxLength: LENGTH - 2 })

describe('padding', () => {
  test.each(models)('before a text leaves no trace: %s', (_name, model, told) => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 2 }), (tokens, padding) => {
        const padded = [...Array.from({ length: padding }, () => 0), ...tokens]
        expectClose(told(outputsOf(model, padded)), told(outputsOf(model, tokens)))
      }),
      { numRuns: 15 },
    )
  })

  test.each(models)('is not read: %s', (_name, model, told) => {
    const weights = variedWeights(model)
    const others = weights.map((weight) => {
      if (weight.name !== 'embedding') return weight
      const width = weight.shape[1] ?? 0
      return { ...weight, values: weight.values.map((value, i) => (i < width ? value + 5 : value)) }
    })
    // A tied table predicts the padding too.
    const tokensOf = (outputs: readonly number[]) => told(outputs).slice(model === language ? 1 : 0)
    const tokens = [0, 0, 3, 1, 5]
    expectClose(tokensOf(outputsOf(model, tokens, others)), tokensOf(outputsOf(model, tokens, weights)))
  })

  test('after a text leaves no trace in a transformer classifier', () => {
    const model = transformerClassifier({ ...encoder, classes: 3 })
    expectClose(outputsOf(model, [4, 2, 6, 0, 0]), outputsOf(model, [4, 2, 6]))
  })

  test('alone gives numbers', () => {
    for (const [, model] of models) expect(outputsOf(model, [0, 0, 0]).every(Number.isFinite)).toBe(true)
  })
})

describe('what predicts every token', () => {
  test.each(models.filter(([name]) => /every|language/.test(name)))(
    'sees none that comes later: %s',
    (_name, model) => {
      const token = fc.integer({ min: 1, max: VOCABULARY - 1 })
      fc.assert(
        fc.property(fc.array(token, { minLength: 2, maxLength: LENGTH }), token, fc.nat(), (tokens, other, at) => {
          const place = 1 + (at % (tokens.length - 1))
          const changed = tokens.with(place, other)
          const earlier = (outputs: readonly number[]) => outputs.slice(0, place * VOCABULARY)
          expectClose(earlier(outputsOf(model, changed)), earlier(outputsOf(model, tokens)))
        }),
        { numRuns: 15 },
      )
    },
  )

  test('and looks back: an earlier token changes what comes after it', () => {
    for (const [name, model] of models) {
      if (/every|language/.test(name))
        expect(lastOf(outputsOf(model, [1, 2, 3]))).not.toEqual(lastOf(outputsOf(model, [4, 2, 3])))
    }
  })
})

test.each([
  ['lstm', lstmNextWord({ vocabulary: VOCABULARY, embedding: 3, units: 4, tied: true })],
  ['transformer', language],
])('a tied %s predicts a token by what it reads it by', (_name, model) => {
  const weights = variedWeights(model)
  expect(weights.map(({ name }) => name)).not.toContain('head/kernel')
  const [seen, unseen] = [1, 5]
  const withRow = (token: number) =>
    weights.map((weight) => {
      const width = weight.shape[1] ?? 0
      const isRow = (i: number) => weight.name === 'embedding' && Math.floor(i / width) === token
      return { ...weight, values: weight.values.map((value, i) => (isRow(i) ? value + 1 : value)) }
    })
  const differing = (token: number) => {
    const [before, after] = [lastOf(outputsOf(model, [2, 1])), lastOf(outputsOf(model, [2, 1], withRow(token)))]
    return before.flatMap((value, i) => (value === after[i] ? [] : [i]))
  }
  expect(differing(unseen)).toEqual([unseen])
  expect(differing(seen).length).toBe(VOCABULARY)
})

test('a transformer knows the order of tokens, learned or not', () => {
  for (const positions of ['learned', 'sinusoidal'] as const) {
    const model = transformerClassifier({ ...encoder, classes: 3, positions })
    expect(model.parameters.some(({ name }) => name === 'positions')).toBe(positions === 'learned')
    expect(outputsOf(model, [1, 2, 3])).not.toEqual(outputsOf(model, [3, 2, 1]))
  }
})

test('a transformer refuses more tokens than it has positions', () => {
  const error = thrownBy(() => outputsOf(language, [1, 2, 3, 4, 5, 6, 1, 2, 3]))
  expect(error).toMatchObject({ code: 'data.invalid', path: 'tokens', value: 9 })
})

describe('generating', () => {
  const random = () => createRandom(0, 0, 'words')
  /** A model whose logits do not depend on what it is shown, but for the number of tokens shown, in place 6. */
  const constant: Model = {
    parameters: [],
    apply({ tf }, inputs) {
      const { tokens } = inputs
      const shown = tf.sum(tf.cast(tf.notEqual(tokens ?? tf.zeros([1, 1]), 0), 'float32'))
      return tf.reshape(
        tf.concat([tf.tensor1d([99, Math.log(1), Math.log(2), Math.log(5)]), tf.reshape(shown, [1])]),
        [1, 5],
      )
    },
  }
  const ofThree: Model = { ...constant, apply: (given, inputs) => constant.apply(given, inputs).slice([0, 0], [1, 4]) }

  test('draws tokens as often as the model gives them, never padding', async () => {
    const count = 2000
    const drawn = await generate(tf, ofThree, [], [1], { count, window: 4, random: random() })
    expect(drawn.length).toBe(count)
    for (const [token, share] of [
      [1, 1 / 8],
      [2, 2 / 8],
      [3, 5 / 8],
    ] as const) {
      const found = drawn.filter((each) => each === token).length / count
      // Four standard errors.
      expect(Math.abs(found - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count))
    }
  })

  test('is bolder when it is hotter, and takes the likeliest at temperature 0', async () => {
    const shareOfLikeliest = async (temperature: number) => {
      const drawn = await generate(tf, ofThree, [], [1], { count: 500, window: 4, temperature, random: random() })
      return drawn.filter((token) => token === 3).length / drawn.length
    }
    expect(await shareOfLikeliest(0)).toBe(1)
    expect(await shareOfLikeliest(0.3)).toBeGreaterThan(0.9)
    // Logits divided by 1000 are as good as equal.
    expect(Math.abs((await shareOfLikeliest(1000)) - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / 500))
  })

  test('shows the model the last tokens of its window, repeats from the same stream, and ends at the end', async () => {
    // With three tokens shown the last token is likeliest, with fewer the one before it.
    const options = { count: 4, window: 3, temperature: 0, random: random() }
    expect(await generate(tf, constant, [], [1], options)).toEqual([3, 4, 4, 4])
    expect(await generate(tf, constant, [], [1], { ...options, end: 4 })).toEqual([3])
    const params = toTensors(tf, variedWeights(lstm))
    const draw = () => generate(tf, lstm, params, [1, 2], { count: 10, window: 4, random: random() })
    const before = tf.memory().numTensors
    expect(await draw()).toEqual(await draw())
    expect(tf.memory().numTensors).toBe(before)
    tf.dispose(params)
  })

  test('begins by itself where there is no prompt', async () => {
    const params = toTensors(tf, variedWeights(lstm))
    const drawn = await generate(tf, lstm, params, [], { count: 5, window: 4, random: random() })
    expect(drawn.length).toBe(5)
    expect(drawn.every((token) => token > 0 && token < VOCABULARY)).toBe(true)
    tf.dispose(params)
  })

  test('names what is wrong', async () => {
    const options = { count: 1, window: 3, random: random() }
    for (const wrong of [{ temperature: -1 }, { window: 0 }]) {
      const path = Object.keys(wrong)[0]
      await expect(generate(tf, ofThree, [], [1], { ...options, ...wrong })).rejects.toMatchObject({
        code: 'option.invalid',
        path,
      })
    }
    const diverged: Model = { parameters: [], apply: ({ tf }) => tf.fill([1, 4], Number.NaN) }
    await expect(generate(tf, diverged, [], [1], options)).rejects.toMatchObject({ code: 'model.invalid' })
  })
})

test.each([
  ['lstm', lstmNextWord({ vocabulary: VOCABULARY, embedding: 8, units: 16, dropout: 0, predicts: 'every' })],
  ['transformer', transformerLanguageModel({ ...encoder, width: 16, dropout: 0, attentionDropout: 0 })],
])('%s learns a round of words and goes on with it', async (_name, model) => {
  const training = { model, task: nextToken({ padding: 0 }), optimizer: adam({ learningRate: 0.02 }) }
  const round = (from: number, length: number) => Array.from({ length }, (_, i) => 1 + ((from + i) % (VOCABULARY - 1)))
  const batch = () => {
    const rows = Array.from({ length: 6 }, (_, from) => from)
    const tensor = (shift: number): Tensor =>
      tf.tensor2d(
        rows.map((from) => [0, 0, ...round(from + shift, 4)]),
        [6, 6],
        'int32',
      )
    return { inputs: { tokens: tensor(0) }, labels: tensor(1) }
  }
  let state = startTraining(
    tf,
    training,
    initialWeights(model, (purpose) => createRandom(0, 0, purpose)),
  )
  for (let step = 0; step < 60; step++) state = trainStep(tf, training, state, batch, createRandom(0, step, 'training'))
  const options = { count: 6, window: 6, temperature: 0, random: createRandom(0, 0, 'words') }
  expect(await generate(tf, model, state.params, [3, 4], options)).toEqual([5, 6, 1, 2, 3, 4])
  disposeTraining(state)
})
