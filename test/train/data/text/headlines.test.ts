import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../../src/numerics/random.ts'
import { splitRows } from '../../../../src/train/data/split.ts'
import { type Grammar, measureSymbol, writeOut } from '../../../../src/train/data/text/grammar.ts'
import { headlines } from '../../../../src/train/data/text/headlines.ts'
import { wordPerplexities } from '../../../../src/train/data/text/perplexity.ts'
import { prepareLines } from '../../../../src/train/data/text/prepare-lines.ts'
import { upTo } from '../numbered.ts'

describe('a grammar', () => {
  const grammar: Grammar = {
    line: [{ weight: 3, parts: ['noun', 'sleeps'] }, { parts: ['noun', 'sees', 'the', 'noun'] }],
    noun: [{ parts: ['cat'] }, { parts: ['dog'] }],
  }

  test('has the entropy and the length of a closed form', () => {
    const { entropy, words } = measureSymbol(grammar, 'line')
    const choice = -0.75 * Math.log(0.75) - 0.25 * Math.log(0.25)
    expect(entropy).toBeCloseTo(choice + 0.75 * Math.LN2 + 0.25 * 2 * Math.LN2, 12)
    expect(words).toBeCloseTo(0.75 * 2 + 0.25 * 4, 12)
  })

  test('writes each text as often as its rules say', () => {
    const random = createRandom(0, 0, 'grammar')
    const lines = upTo(4000).map(() => writeOut(grammar, 'line', random).join(' '))
    const share = (text: string) => lines.filter((line) => line === text).length / lines.length
    // Three standard errors of a share near 3/8 are 0.023, of one near 1/16 0.012.
    expect(Math.abs(share('cat sleeps') - 3 / 8)).toBeLessThan(0.023)
    expect(Math.abs(share('dog sees the cat') - 1 / 16)).toBeLessThan(0.012)
    expect(new Set(lines).size).toBe(6)
  })
})

describe('headlines', () => {
  const { lines, truth } = headlines({ lines: 4000, seed: 1 })

  test('follow from the seed', () => {
    expect(headlines({ lines: 5, seed: 1 }).lines).toEqual(lines.slice(0, 5))
    expect(headlines({ lines: 5, seed: 2 }).lines).not.toEqual(lines.slice(0, 5))
  })

  test('agree over a clause that says nothing: a verb with its subject in number, the end with it in topic', () => {
    const SUBJECT = /^\w+ (bank|broker|lender|trader)(s?) /
    const many = lines.flatMap((line) => {
      const [, , plural] = SUBJECT.exec(line) ?? []
      return plural === undefined ? [] : [{ line, plural: plural === 's' }]
    })
    expect(many.length).toBeGreaterThan(800)
    for (const { line, plural } of many) {
      expect(line).toMatch(
        plural
          ? / (wait|win|fall|return|struggle|surprise) (?=\w)/
          : / (waits|wins|falls|returns|struggles|surprises) /,
      )
      expect(line).toMatch(/(as prices climb|before the auction|on weak earnings)$/)
    }
  })

  test('cannot be predicted without memory as well as by who knows the grammar', () => {
    const data = prepareLines(lines, splitRows(lines.length), { length: 16 })
    const { unigram, bigram } = wordPerplexities(data.train, data.test, data.words.list.length)
    expect(bigram).toBeLessThan(0.2 * unigram)
    expect(truth.perplexity).toBeLessThan(0.7 * bigram)
    expect(truth.perplexity).toBeGreaterThan(1.5)
  })
})
