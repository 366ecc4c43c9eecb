import type { TopLevelSpec } from 'vega-lite'
import type { Figure } from './figures/figure.ts'
import { configOf, type Theme } from './theme.ts'

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json'

/** A figure in one theme as a Vega-Lite specification that needs nothing else: its data and the theme's config are in it. */
export function wholeSpec(figure: Figure, theme: Theme): TopLevelSpec {
  return { $schema: SCHEMA, description: figure.alt, ...figure.spec(theme), config: configOf(theme) }
}

/** A specification as JSON with a line for each row of data; the same bytes for the same data. */
export function specText(spec: TopLevelSpec): string {
  // Within a string the quote would have a backslash: this is found between objects alone.
  return `${JSON.stringify(spec).replaceAll('},{"', '},\n{"')}\n`
}
