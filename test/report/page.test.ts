import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { marked } from 'marked'
import { parse } from 'vega'
import { compile } from 'vega-lite'
import { expect, test } from 'vitest'
import { type Change, differences, type Json } from '../../src/report/page/differences.ts'
import { toHtml } from '../../src/report/page/html.ts'
import { interactive } from '../../src/report/page/interactive.ts'
import { writePage } from '../../src/report/report.ts'
import { choice, float } from '../../src/space/domain.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { type FakeOptions, fakeArchive } from './fake-archive.ts'
import { contents, written } from './written.ts'

const EVIL = '</script><script>alert(1)</script><img src=x onerror=alert(1)> "\' [a](javascript:alert(1)) |'
const evil: FakeOptions = {
  definition: { name: EVIL, question: EVIL, metric: EVIL, space: { x: float(0, 1), kind: choice([EVIL, 'b']) } },
  outcome: (number) =>
    number % 3 === 0 ? { state: 'failed', reason: { code: 'trial.threw', message: EVIL, stack: EVIL } } : {},
}

async function pageOf(options: FakeOptions = {}): Promise<string> {
  return readFile(await writePage(fakeArchive(options), temporaryFolder()), 'utf8')
}

test('a page holds every file that the report has, to the byte, and says the same', async () => {
  const page = await pageOf()
  const { text, files } = await written(fakeArchive())
  for (const [name, content] of files) {
    if (name === 'README.md') continue
    expect(page, name).toContain(`;base64,${Buffer.from(content).toString('base64')}"`)
  }
  const bare = (html: string) =>
    html
      .replace(/<(style|script|head|figcaption)\b.*?<\/\1>|<[^<>]*>/gs, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  expect(bare(page)).toBe(bare(marked.parse(text, { async: false })))
})

test('the same study gives the same page; nothing in it leads outside', async () => {
  const page = await pageOf()
  expect(await pageOf()).toBe(page)
  const markup = page.replace(/<script>.*?<\/script>/gs, '')
  const targets = [...markup.matchAll(/ (?:href|src|srcset)="(.*?)"/g)].map(([, target = '']) => target)
  expect(targets.length).toBeGreaterThan(20)
  for (const target of targets) {
    if (target.startsWith('#')) expect(markup).toContain(` id="${target.slice(1)}"`)
    else expect(target).toMatch(/^data:/)
  }
})

test('no name and no message of a study becomes markup', async () => {
  const page = await pageOf(evil)
  expect(page.match(/<script>/g)).toHaveLength(4)
  const markup = page.replace(/<script>.*?<\/script>/gs, '')
  expect(markup).not.toMatch(/<script|<img src=x|href="javascript/)
  // Seen as it was written, in the title, the text and the code.
  const shown = '&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;'
  expect(markup).toContain(`<title>${shown}`)
  expect(markup.split(shown).length).toBeGreaterThan(6)
})

test('HTML and links that are not of the report are shown as text, whatever wrote them', () => {
  const html = toHtml(
    'a <b onclick="x">b</b>\n\n<iframe src="x"></iframe>\n\n[c](https://d.example) https://e.example ![f](g)',
    {
      file: () => 'FILE',
      figure: () => 'FIGURE',
    },
  )
  expect(html).not.toMatch(/<(?!\/?p>)/)
  expect(html).toContain('&lt;iframe src=&quot;x&quot;&gt;')
})

test('a file of that name that is no report is left alone, an earlier page is replaced', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'report.html')
  await writeFile(path, '<p>mine</p>')
  await expect(writePage(fakeArchive({ trials: 0 }), folder)).rejects.toMatchObject({
    code: 'report.unwritable',
    message: expect.stringContaining('report.html'),
  })
  expect(await readFile(path, 'utf8')).toBe('<p>mine</p>')
  const other = temporaryFolder()
  await writePage(fakeArchive({ trials: 1 }), other)
  const again = await writePage(fakeArchive({ trials: 0 }), other)
  const page = (await contents(other, [again])).get('report.html')
  expect(page).toContain('No trial has been run yet.')
  expect(page).not.toContain('<script>')
})

test('every plot of a report zooms along its continuous axes', async () => {
  const { files } = await written(fakeArchive())
  for (const [name, plots] of [
    ['history', [['x', 'y']]],
    ['curves', [['x', 'y']]],
    ['parallel', [['x']]],
    [
      'parameters',
      [['x', 'y'], ['x', 'y'], ['x', 'y'], ['x', 'y'], ['y'], ['y'], ['y'], ['x', 'y'], ['y'], ['x', 'y'], ['x', 'y']],
    ],
  ] as const) {
    const spec = interactive(JSON.parse(files.get(`figures/${name}.vl.json`) ?? ''))
    const text = JSON.stringify(spec)
    const found = [...text.matchAll(/"encodings":(\[.*?\])/g)].map(([, list = '']) => JSON.parse(list))
    expect(found, name).toEqual(plots)
    // Ticks that suit the whole of a logarithmic axis are few or none in a part of it.
    const chosen = /"scale":\{"type":"log"[^{}]*\},"axis":\{[^{}]*"values"/
    expect(chosen.test(files.get(`figures/${name}.vl.json`) ?? ''), name).toBe(
      name === 'curves' || name === 'parameters',
    )
    expect(text).not.toMatch(chosen)
    const warnings: unknown[] = []
    const logger = { level: () => logger, error: warn, warn, info: () => logger, debug: () => logger }
    function warn(...said: unknown[]) {
      warnings.push(...said)
      return logger
    }
    parse(compile(JSON.parse(text), { logger: logger as never }).spec)
    expect(warnings, name).toEqual([])
  }
})

test('the differences of two values make one of the other', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as Json)
  fc.assert(
    fc.property(json, json, (from, to) => {
      expect(apply(from, differences(from, to))).toEqual(to)
      expect(differences(from, structuredClone(from))).toEqual([])
    }),
  )
  expect(differences({ a: [1, { b: 2, c: 3 }] }, { a: [1, { b: 4, c: 3 }], d: 5 })).toEqual([
    [['a', 1, 'b'], 4],
    [['d'], 5],
  ])
})

/** As the page does it, but for changes of the whole. */
function apply(value: Json, changes: readonly Change[]): Json {
  const root = { value: structuredClone(value) }
  for (const [path, put] of changes) {
    // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
    let place: any = root
    const keys = ['value', ...path]
    for (const key of keys.slice(0, -1)) place = place[key]
    Object.defineProperty(place, keys.at(-1) ?? '', {
      value: put,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return root.value
}
