import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Figure, figureFiles } from '../figures/figure.ts'
import { wholeSpec } from '../spec.ts'
import { DARK, LIGHT, type Theme } from '../theme.ts'
import { differences } from './differences.ts'
import { escapeHtml, toHtml } from './html.ts'
import { interactive } from './interactive.ts'
import { libraries } from './libraries.ts'

/** A report that is to become a page. */
export interface Draft {
  readonly title: string
  /** The text of its README. */
  readonly markdown: string
  readonly figures: readonly Figure[]
  /** All other files of the report, by path below its folder. */
  readonly files: ReadonlyMap<string, string>
}

/**
 * A report as one page of HTML that needs nothing else: its files are in it, and its figures can be zoomed and panned. It asks
 * nothing of any server, and its policy forbids that too, as it forbids any script but its own. The same report gives the same
 * bytes.
 */
export async function pageOf({ title, markdown, figures, files }: Draft): Promise<string> {
  const byPicture = new Map(figures.map((figure) => [figureFiles(figure.name).light, figure]))
  const body = toHtml(markdown, {
    file(path, label) {
      const text = files.get(path)
      if (text === undefined) return label
      return `<a href="${dataUrl(path, text)}" download="${escapeHtml(basename(path))}">${label}</a>`
    },
    figure(light) {
      const figure = byPicture.get(light)
      return figure ? figureHtml(figure, files) : ''
    },
  })
  const [css, client, drawing] = await Promise.all([asset('style.css'), asset('client.js'), libraries()])
  const scripts =
    figures.length > 0 ? [...drawing, client].map((code) => `\n${code.replaceAll('</script', '<\\/script')}\n`) : []
  const policy = [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src ${scripts.map(hash).join(' ') || "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
${coloursOf(LIGHT)}
@media screen and (prefers-color-scheme: dark) {
${coloursOf(DARK)}
}
${css}</style>
</head>
<body>
<main>
${body}</main>
${scripts.map((code) => `<script>${code}</script>\n`).join('')}</body>
</html>
`
}

/** The picture for who has scripts off, or prints; and a place where the figure is drawn for all others. */
function figureHtml(figure: Figure, files: ReadonlyMap<string, string>): string {
  const { light, dark, spec } = figureFiles(figure.name)
  const alt = escapeHtml(figure.alt)
  const plain = plainOf(figure, LIGHT)
  const changes = (theme: Theme) => escapeHtml(JSON.stringify(differences(plain, interactive(plainOf(figure, theme)))))
  const url = (path: string) => dataUrl(path, files.get(path) ?? '')
  return `<figure data-spec="${basename(spec)}" data-light="${changes(LIGHT)}" data-dark="${changes(DARK)}">
<picture>
<source media="screen and (prefers-color-scheme: dark)" srcset="${url(dark)}">
<img alt="${alt}" src="${url(light)}">
</picture>
<div class="view" role="img" aria-label="${alt}"></div>
<figcaption>Drag to pan, Ctrl or ⌘ and the wheel to zoom, double click to go back.</figcaption>
</figure>
`
}

/** As it is once written and read: nothing but JSON. */
function plainOf(figure: Figure, theme: Theme) {
  return JSON.parse(JSON.stringify(wholeSpec(figure, theme)))
}

const TYPES: Record<string, string> = { svg: 'image/svg+xml', csv: 'text/csv;charset=utf-8', json: 'application/json' }

function dataUrl(path: string, text: string): string {
  const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'text/plain'
  return `data:${type};base64,${Buffer.from(text).toString('base64')}`
}

function coloursOf({ background, text, muted, grid, complete }: Theme): string {
  const colours = Object.entries({ background, text, muted, grid, link: complete })
  return `:root { ${colours.map(([name, colour]) => `--${name}: ${colour};`).join(' ')} }`
}

function hash(code: string): string {
  return `'sha256-${createHash('sha256').update(code).digest('base64')}'`
}

function asset(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8')
}
