import type { Figure } from './figures/figure.ts'
import { configOf, DARK, LIGHT, type Theme } from './theme.ts'

/** A figure drawn in both themes, as SVG. */
export interface Drawing {
  readonly light: string
  readonly dark: string
}

/**
 * Draws a figure: the same bytes for the same data. Vega is loaded on the first call, for it takes 140 ms.
 */
export async function render(figure: Figure): Promise<Drawing> {
  return { light: await draw(figure, LIGHT), dark: await draw(figure, DARK) }
}

async function draw(figure: Figure, theme: Theme): Promise<string> {
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  measureByEstimate(vega)
  const compiled = compile(figure.spec(theme), { config: configOf(theme), logger: vega.logger(vega.Error) })
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logLevel: vega.Error })
  try {
    return `${numberIds(await view.toSVG())}\n`
  } finally {
    view.finalize()
  }
}

/**
 * Vega measures text with the package `canvas` where another program brought it along, which would move labels from
 * machine to machine. Its switch for that is missing from its types.
 */
function measureByEstimate(vega: object): void {
  const metrics: unknown = Reflect.get(vega, 'textMetrics')
  if (typeof metrics !== 'object' || metrics === null) return
  const setCanvas: unknown = Reflect.get(metrics, 'canvas')
  if (typeof setCanvas === 'function') setCanvas(false)
}

/** Vega numbers clip paths and gradients through the whole process: here each drawing counts its own, from 0. */
function numberIds(svg: string): string {
  const names = new Map<string, string>()
  for (const [, id = ''] of svg.matchAll(/\bid="((?:clip|gradient_)\d+)"/g)) names.set(id, `d${names.size}`)
  return svg.replace(/(\bid="|url\(#)((?:clip|gradient_)\d+)/g, (all, before: string, id: string) => {
    const name = names.get(id)
    return name === undefined ? all : before + name
  })
}
