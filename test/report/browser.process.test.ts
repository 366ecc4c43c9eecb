import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fakeArchive } from './fake-archive.ts'
import { written } from './written.ts'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

/*
 * Vega draws without a browser and estimates how wide text will be, so whether labels fit is only seen in a real one.
 */
describe.skipIf(!CHROMIUM)(
  `figures in a browser${CHROMIUM ? '' : ' (skipped: no Chromium; apt-get install chromium)'}`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: CHROMIUM ?? '',
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      })
    })
    afterAll(() => browser?.close())

    test('no text is cut off', async () => {
      const { files } = await written(fakeArchive())
      const page = await browser.newPage()
      const figures = [...files].filter(([path]) => path.endsWith('.svg'))
      expect(figures.length).toBe(16)
      for (const [path, svg] of figures) {
        await page.setContent(svg)
        const bounds = await page.locator('svg').boundingBox()
        const texts = await page.locator('svg text').all()
        const boxes = await Promise.all(
          texts.map(async (text) => ({ text: await text.textContent(), box: await text.boundingBox() })),
        )
        expect(boxes.length).toBeGreaterThan(3)
        const faults = boxes.filter(({ text, box }) => text?.trim() && !(box && bounds && isInside(box, bounds)))
        expect(faults, path).toEqual([])
      }
      await page.close()
    })

    test.each(['light', 'dark'] as const)('the %s theme shows the figures made for it', async (colorScheme) => {
      const { text, folder } = await written(fakeArchive())
      const pictures = text.match(/<picture>.*?<\/picture>/gs) ?? []
      expect(pictures).toHaveLength(8)
      const page = await browser.newPage({ colorScheme })
      await page.goto(pathToFileURL(join(folder, 'README.md')).href)
      await page.setContent(`<base href="${pathToFileURL(join(folder, '/')).href}">${pictures.join('\n')}`, {
        waitUntil: 'load',
      })
      // As text, since the types of the project do not have a document.
      const shown = await page.evaluate<Shown[]>(
        '[...document.images].map(({ currentSrc, naturalWidth, alt }) => ({ currentSrc, naturalWidth, alt }))',
      )
      expect(shown).toHaveLength(8)
      for (const { currentSrc, naturalWidth, alt } of shown) {
        expect(currentSrc).toMatch(new RegExp(`\\.${colorScheme}\\.svg$`))
        expect(naturalWidth).toBeGreaterThan(300)
        expect(alt).not.toBe('')
      }
      await page.close()
    })
  },
)

interface Shown {
  readonly currentSrc: string
  readonly naturalWidth: number
  readonly alt: string
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Within a pixel. */
function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x - 1 &&
    inner.y >= outer.y - 1 &&
    inner.x + inner.width <= outer.x + outer.width + 1 &&
    inner.y + inner.height <= outer.y + outer.height + 1
  )
}
