import { markdownTable } from 'markdown-table'
import { oneLine } from './format.ts'

/** Text as Markdown that shows it letter by letter, on one line: no emphasis, links, HTML, math or lists come of it. */
export function escapeText(text: string, limit = Number.POSITIVE_INFINITY): string {
  return oneLine(text, limit)
    .replace(/[\\`*_[\]~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^([#+-])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
}

/** Text as the value of an HTML attribute in double quotes. */
export function escapeAttribute(text: string): string {
  return oneLine(text, Number.POSITIVE_INFINITY)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** Text as inline code, whatever backticks it holds. */
export function code(text: string, limit = Number.POSITIVE_INFINITY): string {
  const line = oneLine(text, limit)
  const fence = '`'.repeat(longestRun(line) + 1)
  // A space keeps a backtick, or nothing at all, apart from the fence; Markdown takes it away again.
  const pad = line === '' || line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${line}${pad}${fence}`
}

/** A fenced block of code. */
export function codeBlock(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

/** A table of cells that are Markdown already. Pipes in cells are escaped here, in code as in text: Markdown splits cells before it reads either. */
export function table(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly ('l' | 'r')[] = [],
): string {
  const escaped = [columns, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  return markdownTable(escaped, { align: columns.map((_, index) => align[index] ?? 'l') })
}

/** A part that stays folded until the reader opens it. The blank lines make its content Markdown. */
export function details(summary: string, content: string): string {
  return `<details>\n<summary>${escapeAttribute(summary)}</summary>\n\n${content}\n\n</details>`
}

/** The anchor that GitHub and GitLab give a heading of letters, digits and blanks. */
export function anchor(heading: string): string {
  return heading.toLowerCase().replaceAll(' ', '-')
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
}
