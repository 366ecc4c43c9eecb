import { type MarkedToken, marked } from 'marked'
import { expect, test } from 'vitest'
import { choice, float } from '../../src/space/domain.ts'
import { DIVERGED, type FakeOptions, fakeArchive } from './fake-archive.ts'
import { written } from './written.ts'

const ODD = '[a](b) | <script>`*&"\\ name'
const both = ['validationError', 'trainLoss'].map((metric) => ({ metric, goal: 'minimize' as const }))

const STUDIES: [string, FakeOptions][] = [
  ['a study of everything', { record: { test: { trial: 12, metrics: { testError: 0.0311 } } } }],
  ['no trial', { trials: 0 }],
  ['no value', { trials: 60, outcome: () => ({ state: 'infeasible', reason: DIVERGED }) }],
  ['two objectives', { definition: { objectives: both } }],
  [
    'odd names',
    { definition: { name: ODD, question: ODD, metric: ODD, space: { x: float(0, 1), kind: choice([ODD, 'b']) } } },
  ],
]

test.each(STUDIES)(
  'a report is the Markdown it looks like, and its links lead to what is there: %s',
  async (_, options) => {
    const { text, files } = await written(fakeArchive(options))
    const tokens = tokensOf(text)
    const headings = tokens.filter((token) => token.type === 'heading')
    expect(headings.map(({ depth }) => depth)).toEqual([1, ...[...text.matchAll(/^## /gm)].map(() => 2)])
    for (const { type, raw } of tokens) {
      // A table that one of its cells has broken reads as text.
      if (type === 'text') expect(raw).not.toMatch(/\| *:?-+:? *\||^#+ |\*\*|```/)
      if (type === 'html') expect(raw).toMatch(/^<(\/?details>|picture>\n {2}<source |!-- Made by )/)
    }
    expect(text).not.toMatch(/[ \t]$|\t|\n{3}/m)
    expect(text).toMatch(/[^\n]\n$/)

    const anchors = headings.map((heading) => slug(heading.text))
    expect(new Set(anchors).size).toBe(anchors.length)
    const targets = [
      ...tokens.filter((token) => token.type === 'link').map(({ href }) => href),
      ...[...text.matchAll(/ (?:src|srcset)="(.*?)"/g)].map(([, target = '']) => target),
    ]
    const names = [...files.keys()]
    for (const target of targets) {
      if (target.startsWith('#')) expect(anchors).toContain(target.slice(1))
      else expect(names).toContain(target)
    }
    expect(names.filter((name) => name !== 'README.md' && !targets.includes(name))).toEqual([])
  },
)

/** All tokens, outer before inner, but of code. */
function tokensOf(text: string): MarkedToken[] {
  const tokens: MarkedToken[] = []
  marked.walkTokens(marked.lexer(text), (token) => {
    tokens.push(token as MarkedToken)
  })
  return tokens
}

/** As GitHub makes anchors of headings. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
