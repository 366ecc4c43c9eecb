import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { writePage } from '../../src/report/report.ts'
import { temporaryFolder } from '../helpers/folder.ts'
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

    test.each(['light', 'dark'] as const)(
      'the page draws, zooms, pans, folds and leads, offline: %s',
      async (colorScheme) => {
        const path = await writePage(fakeArchive(), temporaryFolder())
        const page = await browser.newPage({ colorScheme, reducedMotion: 'reduce' })
        const faults: string[] = []
        page.on('console', (message) => faults.push(message.text()))
        page.on('pageerror', (error) => faults.push(error.message))
        page.on('request', (request) => {
          if (!request.url().startsWith('data:')) faults.push(request.url())
        })
        const url = pathToFileURL(path).href
        await page.goto(url)
        const drawn = page.locator('figure.drawn')
        await expect.poll(() => drawn.count(), PATIENT).toBe(8)
        for (const figure of await drawn.all()) {
          expect(await figure.locator('picture').isVisible()).toBe(false)
          expect(await backgroundOf(figure)).toBe(BACKGROUNDS[colorScheme])
        }

        const history = drawn.first()
        const labels = async () => (await history.locator('.role-axis-label text').allTextContents()).toSorted()
        const before = await labels()
        expect(before).toContain('35')
        await history.scrollIntoViewIfNeeded()
        await history.locator('.mark-symbol.role-mark path').first().hover()
        await expect
          .poll(() => page.locator('#vg-tooltip-element td').allTextContents(), PATIENT)
          .toEqual(['trial', '0', 'outcome', 'complete', 'validationError', '0.145358'])
        const { x = 0, y = 0, width = 0, height = 0 } = (await history.boundingBox()) ?? {}
        await page.mouse.move(x + width / 2, y + height / 2)
        await page.keyboard.down('Control')
        await page.mouse.wheel(0, -400)
        await page.keyboard.up('Control')
        await expect.poll(labels, PATIENT).not.toEqual(before)
        const zoomed = await labels()
        expect(zoomed).not.toContain('35')
        await page.mouse.down()
        await page.mouse.move(x + width / 2 - 150, y + height / 2, { steps: 5 })
        await page.mouse.up()
        await expect.poll(labels, PATIENT).not.toEqual(zoomed)
        await page.mouse.dblclick(x + width / 2, y + height / 2)
        await expect.poll(labels, PATIENT).toEqual(before)
        // Without the key the page scrolls.
        const top = (await history.boundingBox())?.y ?? 0
        await page.mouse.wheel(0, 100)
        await expect.poll(async () => top - ((await history.boundingBox())?.y ?? 0), PATIENT).toBeGreaterThan(50)
        expect(await labels()).toEqual(before)

        const fold = page.locator('details', { hasText: 'Error: boom' })
        expect(await fold.locator('pre').isVisible()).toBe(false)
        await fold.locator('summary').click()
        expect(await fold.locator('pre').textContent()).toContain('Error: boom')
        expect(await fold.locator('pre').isVisible()).toBe(true)

        await page.getByRole('link', { name: 'Parallel coordinates' }).click()
        const heading = page.getByRole('heading', { name: 'Parallel coordinates' })
        await expect.poll(async () => Math.abs((await heading.boundingBox())?.y ?? 1000), PATIENT).toBeLessThan(60)

        const other = colorScheme === 'light' ? 'dark' : 'light'
        await page.emulateMedia({ colorScheme: other })
        await expect.poll(() => backgroundOf(history), PATIENT).toBe(BACKGROUNDS[other])
        expect(faults).toEqual([url])
        await page.close()
      },
    )

    test('on paper, and where scripts are off, the page shows the pictures of its figures', async () => {
      const path = await writePage(fakeArchive(), temporaryFolder())
      const page = await browser.newPage({ javaScriptEnabled: false })
      await page.goto(pathToFileURL(path).href)
      const pictures = page.locator('figure picture')
      expect(await pictures.count()).toBe(8)
      for (const picture of await pictures.all()) expect((await picture.boundingBox())?.width).toBeGreaterThan(300)
      expect(await page.locator('figcaption').first().isVisible()).toBe(false)
      await page.close()

      const printed = await browser.newPage({ colorScheme: 'dark' })
      await printed.goto(pathToFileURL(path).href)
      await expect.poll(() => printed.locator('figure.drawn').count(), PATIENT).toBe(8)
      await printed.emulateMedia({ media: 'print' })
      expect(await printed.locator('picture').first().isVisible()).toBe(true)
      expect(await printed.locator('.view').first().isVisible()).toBe(false)
      expect(await printed.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
      await printed.close()
    })
  },
)

const PATIENT = { timeout: 15_000 }
/** Of the figures in the page, as the browser spells it. */
const BACKGROUNDS = { light: 'rgb(255, 255, 255)', dark: 'rgb(13, 17, 23)' }

function backgroundOf(figure: Locator): Promise<string> {
  return figure
    .locator('.view svg')
    .evaluate<string, { style: { backgroundColor: string } }>(({ style }) => style.backgroundColor)
}

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
