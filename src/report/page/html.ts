import { Marked, type Tokens } from 'marked'
import { MARK } from '../folder.ts'
import { anchor } from '../markdown.ts'

/** What the Markdown of a report leads to, as HTML. */
export interface Targets {
  /** A link to another file of the report. */
  file(path: string, label: string): string
  /** The figure whose picture in the light theme has this path. */
  figure(light: string): string
}

const FOLD = /^(?:<details>\s*<summary>[^<>]*<\/summary>|<\/details>)$/
const PICTURE = /^<picture>\s*<source [^<>]*>\s*<img [^<>]*src="([^<>"]*)">\s*<\/picture>$/

/**
 * The Markdown of a report as HTML. What the report itself never writes is shown as text, so that no name or message of a
 * study can become markup: any other HTML, and links to elsewhere.
 */
export function toHtml(markdown: string, targets: Targets): string {
  const marked = new Marked({
    renderer: {
      html({ text }: Tokens.HTML | Tokens.Tag) {
        const html = text.trim()
        const [, light] = PICTURE.exec(html) ?? []
        if (light !== undefined) return targets.figure(light)
        return FOLD.test(html) || html === MARK ? `${html}\n` : escapeHtml(text)
      },
      heading({ tokens, depth, text }) {
        const id = depth > 1 ? ` id="${escapeHtml(anchor(text))}"` : ''
        return `<h${depth}${id}>${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      paragraph({ tokens }) {
        const isContents = tokens.length > 1 && tokens.every((token) => token.raw === ' · ' || isAnchor(token))
        const tag = isContents ? 'nav' : 'p'
        return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>\n`
      },
      link({ href, tokens }) {
        const label = this.parser.parseInline(tokens)
        if (href.startsWith('#')) return `<a href="${escapeHtml(href)}">${label}</a>`
        return /^[\w.-]+\/[\w.-]+$/.test(href) ? targets.file(href, label) : label
      },
      image: ({ raw }) => escapeHtml(raw),
    },
  })
  const html = marked.parse(markdown, { async: false })
  return html.replaceAll('<table>', '<div class="table"><table>').replaceAll('</table>', '</table></div>')
}

/** Text as HTML, in an element or in an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

function isAnchor(token: { readonly type: string; readonly raw: string }): boolean {
  return token.type === 'link' && token.raw.includes('](#')
}
