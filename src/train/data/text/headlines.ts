import { createRandom } from '../../../numerics/random.ts'
import { type Grammar, measureSymbol, type Rule, writeOut } from './grammar.ts'

export interface HeadlineOptions {
  readonly lines: number
  /** Default 0. */
  readonly seed?: number
}

export interface Headlines {
  readonly lines: readonly string[]
  readonly truth: {
    readonly grammar: Grammar
    /** Of a reader who knows the grammar, each word and the end of the line counted: no model can do better. */
    readonly perplexity: number
  }
}

/**
 * Made-up headlines from a grammar. A headline's verb agrees in number with its subject, and its last words with its
 * subject's topic, over a clause that says nothing of either: a model needs memory to know them.
 */
export function headlines({ lines, seed = 0 }: HeadlineOptions): Headlines {
  const random = createRandom(seed, 0, 'headlines')
  const { entropy, words } = measureSymbol(GRAMMAR, 'headline')
  return {
    lines: Array.from({ length: lines }, () => writeOut(GRAMMAR, 'headline', random).join(' ')),
    truth: { grammar: GRAMMAR, perplexity: Math.exp(entropy / (words + 1)) },
  }
}

/** Subjects of a topic, in singular and plural, and how headlines of the topic end. */
const TOPICS = {
  money: {
    subjects: ['bank', 'broker', 'lender', 'trader'],
    endings: ['as prices climb', 'before the auction', 'on weak earnings'],
  },
  sport: {
    subjects: ['keeper', 'runner', 'striker', 'team'],
    endings: ['after extra time', 'in the final round', 'on the home pitch'],
  },
  sea: {
    subjects: ['captain', 'sailor', 'skipper', 'trawler'],
    endings: ['at high tide', 'off the northern coast', 'as the storm nears'],
  },
  stage: {
    subjects: ['actor', 'dancer', 'singer', 'tenor'],
    endings: ['before a full house', 'at the opening night', 'without an encore'],
  },
}

const VERBS = ['wait', 'win', 'fall', 'return', 'struggle', 'surprise']

const GRAMMAR: Grammar = {
  headline: Object.keys(TOPICS).flatMap((topic) => [
    { parts: ['quality', `${topic} one`, 'clause', 'verb one', `${topic} ending`] },
    { parts: ['quality', `${topic} many`, 'clause', 'verb many', `${topic} ending`] },
  ]),
  quality: either('young', 'famous', 'local', 'unlucky', 'former'),
  clause: [
    { parts: ['from', 'the', 'place', 'near', 'the', 'thing'] },
    { parts: ['seen', 'with', 'the', 'person', 'of', 'the', 'place'] },
    { parts: ['that', 'the', 'person', 'had', 'praised', 'despite', 'the', 'thing'] },
  ],
  place: either('village', 'harbour', 'islands', 'suburbs', 'valley'),
  person: either('mayor', 'critics', 'teacher', 'neighbours', 'judge'),
  thing: either('bridge', 'towers', 'museum', 'gardens', 'station'),
  'verb one': either(...VERBS.map((verb) => `${verb}s`)),
  'verb many': either(...VERBS),
  ...Object.fromEntries(
    Object.entries(TOPICS).flatMap(([topic, { subjects, endings }]) => [
      [`${topic} one`, either(...subjects)],
      [`${topic} many`, either(...subjects.map((subject) => `${subject}s`))],
      [`${topic} ending`, either(...endings)],
    ]),
  ),
}

/** One of some texts, all equally often. */
function either(...texts: readonly string[]): Rule[] {
  return texts.map((text) => ({ parts: text.split(' ') }))
}
