import { parse, View } from 'vega'
import { compile, version } from 'vega-lite'
import { expect, test } from 'vitest'
import { fakeArchive } from './fake-archive.ts'
import { chapter, written } from './written.ts'

test('beside each figure lies a specification that draws it, with nothing but what is in it', async () => {
  const { text, files } = await written(fakeArchive())
  const specs = [...files].filter(([name]) => name.endsWith('.vl.json'))
  expect(specs).toHaveLength(8)
  for (const [name, json] of specs) {
    expect(text).toContain(` · Spec: [${name}](${name})\n`)
    const spec = JSON.parse(json)
    expect(spec.$schema).toBe(`https://vega.github.io/schema/vega-lite/v${version.split('.')[0]}.json`)
    expect(json).not.toMatch(/"url"/)
    const view = new View(parse(compile(spec).spec), { renderer: 'none' })
    const svg = await view.toSVG()
    view.finalize()
    expect(withoutIds(`${svg}\n`), name).toBe(withoutIds(files.get(name.replace('.vl.json', '.light.svg')) ?? ''))
  }
  expect(chapter(text, 'Parameters')).toContain('figures/parameters.vl.json')
})

/** Vega counts clip paths and gradients through the whole process. */
function withoutIds(svg: string): string {
  return svg.replace(/(?<=\bid="|url\(#)[a-z_]*\d+/g, '')
}
