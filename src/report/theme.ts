import type { Config } from 'vega-lite'

/** The colours of one theme. The hues are Okabe and Ito's, told apart with any colour vision; black or white for text. */
export interface Theme {
  readonly name: 'light' | 'dark'
  /** Opaque, so that a viewer that ignores the theme still shows a readable card. */
  readonly background: string
  readonly text: string
  readonly muted: string
  readonly grid: string
  readonly complete: string
  readonly stopped: string
  readonly best: string
  readonly infeasible: string
  readonly failed: string
  /** The ends of the colours by rank: last to first. */
  readonly ranks: readonly [string, string]
}

export const LIGHT: Theme = {
  name: 'light',
  background: '#ffffff',
  text: '#1f2328',
  muted: '#59636e',
  grid: '#e4e8ec',
  complete: '#0072b2',
  stopped: '#009e73',
  best: '#d55e00',
  infeasible: '#cc79a7',
  failed: '#1f2328',
  ranks: ['#ccd6de', '#0072b2'],
}

export const DARK: Theme = {
  name: 'dark',
  background: '#0d1117',
  text: '#f0f6fc',
  muted: '#9198a1',
  grid: '#252c36',
  complete: '#56b4e9',
  stopped: '#009e73',
  best: '#e69f00',
  infeasible: '#cc79a7',
  failed: '#f0f6fc',
  ranks: ['#36424f', '#56b4e9'],
}

const FONT = 'system-ui, sans-serif'

/** What all figures share: fonts, axes, legends, margins. */
export function configOf(theme: Theme): Config {
  return {
    background: theme.background,
    font: FONT,
    padding: 12,
    aria: false,
    view: { stroke: null },
    axis: {
      labelColor: theme.muted,
      titleColor: theme.text,
      titleFontWeight: 500,
      titleFontSize: 12,
      labelFontSize: 11,
      labelLimit: 160,
      titleLimit: 620,
      titlePadding: 8,
      domainColor: theme.muted,
      tickColor: theme.muted,
      tickSize: 4,
      gridColor: theme.grid,
      domainOpacity: 0.6,
      tickOpacity: 0.6,
    },
    axisY: { domain: false, ticks: false, labelPadding: 6 },
    axisX: { grid: false },
    legend: {
      orient: 'top',
      direction: 'horizontal',
      title: null,
      labelColor: theme.text,
      titleColor: theme.text,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 500,
      labelLimit: 220,
      columnPadding: 14,
      symbolStrokeWidth: 1.5,
      offset: 18,
    },
    text: { color: theme.text, fontSize: 11 },
    line: { strokeCap: 'round', strokeJoin: 'round' },
    title: { color: theme.text, fontSize: 12, fontWeight: 600, anchor: 'start' },
  }
}
