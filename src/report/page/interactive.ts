import type { Json } from './differences.ts'

type Spec = { readonly [key: string]: Json }

/** The wheel alone scrolls the page, past any figure. */
const ZOOM = 'wheel![event.ctrlKey || event.metaKey]'
/** Pixels at the ends of a scale: half the largest mark. */
const ROOM = 8

/**
 * A Vega-Lite specification whose plots zoom with Ctrl (or ⌘) and the wheel, pan as they are dragged, and go back with a
 * double click; each plot of several for itself. Axes of names stay as they are.
 */
export function interactive(spec: Spec, name = 'zoom'): Spec {
  if (Array.isArray(spec.concat))
    return {
      ...spec,
      concat: spec.concat.map((plot, index) => (isSpec(plot) ? interactive(plot, `${name}${index}`) : plot)),
    }
  const encodings = (['x', 'y'] as const).filter((channel) => isContinuous(firstUnit(spec), channel))
  if (encodings.length === 0) return spec
  const select = { type: 'interval', encodings, zoom: ZOOM }
  return withFreeAxes(inFirstUnit(spec, [{ name, select, bind: 'scales' }]))
}

/** A selection belongs to one mark; the axes that it moves are those of the whole plot. */
function inFirstUnit(spec: Spec, params: Json): Spec {
  if (!Array.isArray(spec.layer)) return { ...spec, params }
  const [first, ...others] = spec.layer
  return { ...spec, layer: [isSpec(first) ? inFirstUnit(first, params) : null, ...others] }
}

function firstUnit(spec: Spec): Spec {
  const first = Array.isArray(spec.layer) ? spec.layer[0] : undefined
  return isSpec(first) ? firstUnit(first) : spec
}

function isContinuous({ encoding }: Spec, channel: 'x' | 'y'): boolean {
  const field = isSpec(encoding) ? encoding[channel] : undefined
  return isSpec(field) && field.type === 'quantitative'
}

/** With axes that suit any part of a scale, not the whole alone. */
function withFreeAxes(spec: Spec): Spec {
  const { layer, encoding } = spec
  return {
    ...spec,
    ...(Array.isArray(layer) && { layer: layer.map((part) => (isSpec(part) ? withFreeAxes(part) : part)) }),
    ...(isSpec(encoding) && { encoding: { ...encoding, ...freeAxis('x', encoding), ...freeAxis('y', encoding) } }),
  }
}

function freeAxis(channel: 'x' | 'y', encoding: Spec): Spec {
  const field = encoding[channel]
  if (!isSpec(field) || field.type !== 'quantitative' || !isSpec(field.scale)) return {}
  // A plot that pans cuts its marks off at its edges: those that lie there need room.
  const scale: Spec = { ...field.scale, padding: ROOM }
  if (scale.type !== 'log' || !isSpec(field.axis)) return { [channel]: { ...field, scale } }
  // Zoomed into, ticks that were chosen for the whole scale would leave none; with few asked for, decades come first.
  const { values: _, ...axis } = field.axis
  return { [channel]: { ...field, scale, axis: { ...axis, tickCount: 3, labelOverlap: 'greedy' } } }
}

function isSpec(value: Json | undefined): value is Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
