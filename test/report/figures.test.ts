import { expect, test } from 'vitest'
import { optionLabels } from '../../src/report/figures/option-labels.ts'
import { choice, float, int } from '../../src/space/domain.ts'
import { xmlFault } from './check-xml.ts'
import { type FakeOptions, fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

const ODD = 'a <b>"&\u0000 \ud800 ]]> name\\u\\'
const odd: FakeOptions = {
  definition: { metric: ODD, space: { 'a_b-c': float(-1, 1), kind: choice([ODD, `${ODD}!`, '', '1', 1]) } },
}

test.each<[string, FakeOptions]>([
  ['a study of everything', {}],
  ['odd names', odd],
])('every figure is there in light and dark, with words and data: %s', async (_, options) => {
  const { text, files } = await written(fakeArchive(options))
  const pictures = [...text.matchAll(/<picture>\n(.*?)<\/picture>\n\nData: \[(.*?)\]\((.*?)\)/gs)]
  expect(pictures).toHaveLength(8)
  for (const [, picture = '', label, data = ''] of pictures) {
    const [, dark = ''] = /<source media="\(prefers-color-scheme: dark\)" srcset="(.*?)">/.exec(picture) ?? []
    const [, alt = '', light = ''] = /<img alt="(.*?)" src="(.*?)">/.exec(picture) ?? []
    expect(alt.length).toBeGreaterThan(40)
    expect(alt).not.toMatch(/[<>"]/)
    expect(label).toBe(data)
    expect(parseCsv(files.get(data) ?? '').length).toBeGreaterThan(1)
    for (const path of [light, dark]) {
      const svg = files.get(path) ?? 'missing'
      expect(xmlFault(svg)).toBeUndefined()
      expect(svg).not.toMatch(/<(script|foreignObject|image|style|a)\b|href=|javascript:|@import/i)
    }
    expect(files.get(light)).toContain('fill="#ffffff"')
    expect(files.get(dark)).toContain('fill="#0d1117"')
  }
  const named = [...files.keys()].filter((name) => name !== 'README.md')
  expect(named.every((name) => text.includes(name))).toBe(true)
})

test('data are those that are drawn: rounded, one row a point', async () => {
  const archive = fakeArchive()
  const { files } = await written(archive)
  const [, ...history] = parseCsv(files.get('data/history.csv') ?? '')
  expect(history).toHaveLength(40)
  expect(history[12]).toEqual(['12', 'complete', '0.0283734', '0.0283734'])
  expect(history[13]).toEqual(['13', 'infeasible', '', '0.0283734'])
  const [, ...curves] = parseCsv(files.get('data/curves.csv') ?? '')
  expect(curves.filter(([trial]) => trial === '5').at(-1)).toEqual(['5', 'infeasible', '400', 'NaN'])
})

test('beyond sixty trials the best twenty and a sample of the others have curves, and the report says so', async () => {
  const archive = fakeArchive({ trials: 90 })
  const { text, files } = await written(archive)
  expect(chapter(text, 'Training curves')).toContain('Drawn: 60 of 90 trials: the best 20, and an evenly spaced sample')
  const [, ...rows] = parseCsv(files.get('data/curves.csv') ?? '')
  const drawn = new Set(rows.map(([trial]) => Number(trial)))
  expect(drawn.size).toBe(60)
  const best = archive
    .trials()
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (a.value ?? 0) - (b.value ?? 0))
    .slice(0, 20)
  for (const { number } of best) expect(drawn).toContain(number)
  expect((await written(fakeArchive({ trials: 60 }))).text).not.toContain('Drawn:')
})

test('long curves are thinned to 200 points, ends and best kept, and the report says so', async () => {
  const { text, files } = await written(fakeArchive({ trials: 2, steps: 1000, outcome: () => ({}) }))
  const [, ...rows] = parseCsv(files.get('data/curves.csv') ?? '')
  const steps = rows.filter(([trial]) => trial === '0').map(([, , step]) => Number(step))
  expect(steps.length).toBeGreaterThan(190)
  expect(steps.length).toBeLessThanOrEqual(200)
  expect([steps[0], steps.at(-1)]).toEqual([100, 100_000])
  expect(text).toContain('2 curves of more than 200 points are thinned')
})

test('a diverging trial is cut off rather than flattening the others, and the report says so', async () => {
  const { text, files } = await written(fakeArchive({ outcome: (n) => (n === 7 ? { value: 1e12 } : {}), trials: 20 }))
  for (const title of ['History of the best', 'Training curves', 'Parameters']) {
    expect(chapter(text, title)).toMatch(/The axis is cut at [\d.]+, so that a few very bad values/)
  }
  expect(files.get('figures/history.light.svg')).toContain('beyond the axis')
  expect(parseCsv(files.get('data/history.csv') ?? '')[8]).toEqual(['7', 'complete', '1000000000000', '0.0641063'])
  expect((await written(fakeArchive({ trials: 20, outcome: () => ({}) }))).text).not.toContain('The axis is cut')
})

test('each parameter has a panel on its own scale', async () => {
  const { files } = await written(fakeArchive())
  const svg = files.get('figures/parameters.light.svg') ?? ''
  for (const title of ['learning_rate (log)', 'dropout', '1 − sgd.momentum (log, reversed)', 'optimizer']) {
    expect(svg).toContain(`>${title}</text>`)
  }
  for (const label of ['1e-4', '256', 'relu', 'false']) expect(svg).toContain(`>${label}</text>`)
})

test('options that would read the same are told apart', () => {
  const labels = optionLabels(['1', 1, '', 'same beginning A same end', 'same beginning B same end'], 12)
  expect(new Set(labels).size).toBe(5)
  expect(labels.slice(0, 3)).toEqual(['1 #1', '1 #2', '(empty)'])
})

test('long names differ in figures where they differ at their ends', async () => {
  const space = { a_rather_long_name_of_a_parameter_1: int(1, 9), a_rather_long_name_of_a_parameter_2: int(1, 9) }
  const { files } = await written(fakeArchive({ trials: 5, definition: { space } }))
  for (const name of ['parameters', 'parallel']) {
    expect(files.get(`figures/${name}.light.svg`)).toMatch(/…\w*_1<.*…\w*_2</s)
  }
})
