import type { TopLevelSpec } from 'vega-lite'
import type { Table } from '../csv.ts'
import type { Theme } from '../theme.ts'

/** A figure, not drawn yet. */
export interface Figure {
  /** Lower-case letters, digits and `-`. */
  readonly name: string
  /** What it shows, for who cannot see it: what is drawn and what there is to be read from it. */
  readonly alt: string
  /** What is drawn, rounded as it is drawn. */
  readonly data: Table
  spec(theme: Theme): TopLevelSpec
}

/** The width of all figures, in pixels: that of a column of text. */
export const FIGURE_WIDTH = 720

/** The paths of a figure's files, seen from the report. */
export function figureFiles(name: string): FigureFiles {
  return {
    light: `figures/${name}.light.svg`,
    dark: `figures/${name}.dark.svg`,
    data: `data/${name}.csv`,
    spec: `figures/${name}.vl.json`,
  }
}

export interface FigureFiles {
  readonly light: string
  readonly dark: string
  readonly data: string
  /** Vega-Lite, in the light theme. */
  readonly spec: string
}
