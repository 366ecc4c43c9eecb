import type { Table } from '../csv.ts'
import type { Figure } from '../figures/figure.ts'
import { figureFiles } from '../figures/figure.ts'
import { escapeAttribute } from '../markdown.ts'

/** A part of the report, with all that it shows. */
export interface Chapter {
  /** Letters, digits and blanks only: it is an anchor too. */
  readonly title: string
  /** What the study asked and this chapter answers: opens the report, in Markdown. */
  readonly answer?: string
  /** Markdown without the heading, in blocks that blank lines will part. */
  readonly blocks: readonly string[]
  readonly figures: readonly Figure[]
  /** Data beyond that of the figures, written as `data/<name>.csv`. */
  readonly data?: readonly { readonly name: string; readonly table: Table }[]
}

/** The picture, in the reader's theme, and links to its data and its Vega-Lite specification. */
export function showFigure({ name, alt }: Figure): string {
  const { light, dark, data, spec } = figureFiles(name)
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${dark}">`,
    `  <img alt="${escapeAttribute(alt)}" src="${light}">`,
    '</picture>',
    '',
    `Data: [${data}](${data}) · Spec: [${spec}](${spec})`,
  ].join('\n')
}
