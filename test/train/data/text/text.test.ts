import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dataset } from '../../../../src/train/data/dataset.ts'
import { splitRows } from '../../../../src/train/data/split.ts'
import { wordPerplexities } from '../../../../src/train/data/text/perplexity.ts'
import { prepareLines } from '../../../../src/train/data/text/prepare-lines.ts'
import { tokenize } from '../../../../src/train/data/text/tokenize.ts'
import { END, PADDING, UNKNOWN } from '../../../../src/train/data/text/words.ts'
import { upTo } from '../numbered.ts'

test.each([
  ["Don't panic, Ada!", ["don't", 'panic', ',', 'ada', '!']],
  ['  A\tB\n', ['a', 'b']],
  ['Ärger über 3 Häuser…', ['ärger', 'über', '3', 'häuser', '…']],
  ["'quoted' o’clock", ["'", 'quoted', "'", 'o’clock']],
  ['𝄞 日本語', ['𝄞', '日本語']],
  ['', []],
])('%j is words and signs in lower case', (text, tokens) => {
  expect(tokenize(text)).toEqual(tokens)
})

function windowsOf({ rows, inputs, labels }: Dataset): [number[], number | undefined][] {
  const [length = 0] = inputs.tokens?.shape ?? []
  return upTo(rows).map((row) => [
    [...(inputs.tokens?.values.subarray(row * length, (row + 1) * length) ?? [])],
    labels.values[row],
  ])
}

describe('lines', () => {
  test('give a window before each word and before the end, padded on the left', () => {
    const lines = ['the cat sat', 'the dog', 'a the']
    const { train, validation, words } = prepareLines(lines, { train: [0, 1], validation: [2] }, { length: 2 })
    expect(words.list).toEqual(['<padding>', '<unknown>', '<end>', 'the', 'cat', 'dog', 'sat'])
    const [the, cat, dog, sat] = [3, 4, 5, 6]
    expect(windowsOf(train)).toEqual([
      [[PADDING, PADDING], the],
      [[PADDING, the], cat],
      [[the, cat], sat],
      [[cat, sat], END],
      [[PADDING, PADDING], the],
      [[PADDING, the], dog],
      [[the, dog], END],
    ])
    expect(windowsOf(validation)).toEqual([
      [[PADDING, PADDING], UNKNOWN],
      [[PADDING, UNKNOWN], the],
      [[UNKNOWN, the], END],
    ])
  })

  test('stay in their parts: every part can be read off as its lines, and as no others', () => {
    const line = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 6 }).map((words) => words.join(' '))
    fc.assert(
      fc.property(fc.array(line, { minLength: 5, maxLength: 20 }), fc.integer({ min: 1, max: 4 }), (lines, length) => {
        const parts = splitRows(lines.length)
        const { words, ...datasets } = prepareLines(lines, parts, { length })
        for (const part of ['train', 'validation', 'test'] as const) {
          const known = new Set(parts.train.flatMap((row) => tokenize(lines[row] ?? '')))
          const expected = parts[part].map((row) =>
            tokenize(lines[row] ?? '').map((word) => (known.has(word) ? word : '?')),
          )
          const read = [...datasets[part].labels.values].map((id) => (id === UNKNOWN ? '?' : (words.list[id] ?? '')))
          expect(read.join(' ')).toEqual(expected.map((each) => [...each, '<end>'].join(' ')).join(' '))
        }
      }),
    )
  })
})

describe('perplexities', () => {
  const lines = ['a b', 'a b', 'a c', 'b']
  const { train, validation, words } = prepareLines(lines, { train: [0, 1, 2], validation: [3] }, { length: 3 })

  test('are those of smoothed counts', () => {
    // Words a 3, b 2, c 1, <end> 3 of 9, and <unknown>; the line to predict is b <end>.
    const add = 0.5
    const p = (count: number) => (count + add) / (9 + 5 * add)
    const unigram = Math.exp(-(Math.log(p(2)) + Math.log(p(3))) / 2)
    // After <padding> a three times, after b <end> twice.
    const weight = 2
    const bigram = Math.exp(
      -(Math.log((0 + weight * p(2)) / (3 + weight)) + Math.log((2 + weight * p(3)) / (2 + weight))) / 2,
    )
    const actual = wordPerplexities(train, validation, words.list.length, { unigram: add, bigram: weight })
    expect(actual.unigram).toBeCloseTo(unigram, 10)
    expect(actual.bigram).toBeCloseTo(bigram, 10)
  })

  test('of a word that was never seen are finite, and its probabilities sum to one', () => {
    const all = upTo(words.list.length).slice(1)
    for (const last of [PADDING, 4, 5]) {
      const sums = { unigram: 0, bigram: 0 }
      for (const next of all) {
        const one = {
          rows: 1,
          inputs: { tokens: { values: Int32Array.of(0, 0, last), shape: [3] } },
          labels: { values: Int32Array.of(next), shape: [] },
        }
        const { unigram, bigram } = wordPerplexities(train, one, words.list.length)
        sums.unigram += 1 / unigram
        sums.bigram += 1 / bigram
      }
      expect(sums.unigram).toBeCloseTo(1, 10)
      expect(sums.bigram).toBeCloseTo(1, 10)
    }
  })
})
