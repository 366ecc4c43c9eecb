import { expect, test } from 'vitest'
import { code, codeBlock, details, escapeAttribute, escapeText, table } from '../../src/report/markdown.ts'

test('text shows letter by letter: nothing in it becomes markup', () => {
  expect(escapeText('*a* _b_ `c` [d](e) <b> & ~f~ $g$ \\')).toBe(
    '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;b&gt; &amp; \\~f\\~ \\$g\\$ \\\\',
  )
  expect(escapeText('# not\na heading')).toBe('\\# not a heading')
  expect(escapeText('1. not a list')).toBe('1\\. not a list')
  expect(escapeText('0.1.0')).toBe('0.1.0')
  expect(escapeText('abcdef', 4)).toBe('abc…')
})

test('code holds backticks, and nothing at all', () => {
  expect(code('a')).toBe('`a`')
  expect(code('a`b')).toBe('``a`b``')
  expect(code('`a``')).toBe('``` `a`` ```')
  expect(code('')).toBe('`  `')
  expect(codeBlock('text', 'a\n```\nb')).toBe('````text\na\n```\nb\n````')
})

test('a pipe stays within its cell, in code and in text', () => {
  const [, , row = ''] = table(['a', 'b'], [[code('x|y'), escapeText('p\\|q')]]).split('\n')
  expect(row).toBe('| `x\\|y` | p\\\\\\|q |')
  const cells = row.split(/(?<=(?<!\\)(?:\\\\)*)\|/).slice(1, -1)
  expect(cells.map((cell) => cell.trim().replaceAll('\\|', '|'))).toEqual(['`x|y`', 'p\\\\|q'])
})

test('an attribute and a summary cannot be left', () => {
  expect(escapeAttribute('"><script>\n&')).toBe('&quot;&gt;&lt;script&gt; &amp;')
  expect(details('a <b>', 'inside')).toBe('<details>\n<summary>a &lt;b&gt;</summary>\n\ninside\n\n</details>')
})
