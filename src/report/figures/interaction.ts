import type { Surface } from '../../analysis/importance/fanova.ts'
import type { Domain } from '../../space/domain.ts'
import type { Parameter } from '../../space/space.ts'
import { domainAt, domainFromUnit, domainSize } from '../../space/value.ts'
import { formatNumber, oneLine, round, shortName } from '../format.ts'
import { coordinateOf, type ReportInput } from '../input.ts'
import type { Figure } from './figure.ts'
import { optionLabels } from './option-labels.ts'

const WIDTH = 430
const HEIGHT = 300
/** Bands of a continuous range, or of one with more values. */
const BANDS = 24
const MOST_LABELS = 7

/** One axis of the map: bands along a scale, some of them labelled. */
interface Bands {
  readonly count: number
  readonly labels: readonly string[]
  at(u: number): number
}

/**
 * What the forest predicts over two parameters, on average over the others, as a map.
 * @param back from what the surface holds to the metric
 */
export function interactionFigure(
  input: ReportInput,
  pair: readonly [Parameter, Parameter],
  surface: Surface,
  back: (value: number) => number,
): Figure {
  const [across, along] = pair
  const [x, y] = [bandsOf(across.domain), bandsOf(along.domain)]
  const metric = oneLine(input.metric, 60)
  const cells = Array.from({ length: x.count * y.count }, (_, index) => {
    const [column, row] = [Math.floor(index / y.count), index % y.count]
    return { x: column, y: row, value: round(back(valueAt(surface, (column + 0.5) / x.count, (row + 0.5) / y.count))) }
  })
  const values = cells.map(({ value }) => value)
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  const [worst, best] = input.goal === 'minimize' ? [high, low] : [low, high]
  const top = cells.find(({ value }) => value === best)
  const names = pair.map(({ name }) => oneLine(name, 60))
  const where = top ? `${names[0]} ${x.labels[top.x]} and ${names[1]} ${y.labels[top.y]}` : ''
  return {
    name: 'interaction',
    alt: `A map of ${metric} over ${names[0]} and ${names[1]}, as a forest predicts it on average over the other parameters: from ${formatNumber(worst)} to ${formatNumber(best)}, best at ${where}. A star marks the best trial.`,
    data: {
      columns: [across.name, along.name, 'predicted'],
      rows: cells.map((cell) => [x.labels[cell.x], y.labels[cell.y], cell.value]),
    },
    spec: (theme) => {
      const place = (parameter: Parameter, bands: Bands) => {
        const u = input.best && coordinateOf(input.best, parameter)
        return u === undefined ? [] : [bands.at(u)]
      }
      const [bestX] = place(across, x)
      const [bestY] = place(along, y)
      const channels = {
        x: channel('x', across, x, false),
        y: channel('y', along, y, true),
      }
      return {
        width: WIDTH,
        height: HEIGHT,
        data: { values: cells },
        layer: [
          {
            mark: { type: 'rect' },
            encoding: {
              ...channels,
              color: {
                field: 'value',
                type: 'quantitative',
                scale: { domain: [worst, best], range: [...theme.ranks] },
                legend: { title: metric, orient: 'right', direction: 'vertical', format: '~g', offset: 14 },
              },
            },
          },
          ...(bestX !== undefined && bestY !== undefined
            ? [
                {
                  data: { values: [{ x: bestX, y: bestY }] },
                  mark: {
                    type: 'point' as const,
                    shape: 'M0,-1L0.3,-0.3L1,0L0.3,0.3L0,1L-0.3,0.3L-1,0L-0.3,-0.3Z',
                    filled: true,
                    size: 160,
                    opacity: 1,
                    color: theme.best,
                  },
                  encoding: channels,
                },
              ]
            : []),
        ],
      }
    },
  }
}

function channel(field: string, { name, domain }: Parameter, { count, labels }: Bands, isUp: boolean) {
  const every = Math.ceil(count / MOST_LABELS)
  const all = Array.from({ length: count }, (_, index) => index)
  const isLog = 'scale' in domain && domain.scale !== 'linear'
  return {
    field,
    type: 'ordinal' as const,
    title: `${shortName(name, 40)}${isLog ? ' (log)' : ''}`,
    scale: { domain: all, reverse: isUp, paddingInner: 0, paddingOuter: 0 },
    axis: {
      values: all.filter((index) => index % every === 0 || count <= MOST_LABELS + 2),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      labelAngle: 0,
      grid: false,
      labelLimit: isUp ? 130 : 90,
    },
  }
}

function bandsOf(domain: Domain): Bands {
  const size = domainSize(domain)
  const isRange = domain.type === 'float' || domain.type === 'int'
  const count = isRange && size > BANDS ? BANDS : size
  const values = Array.from({ length: count }, (_, index) =>
    count === size ? domainAt(domain, index) : domainFromUnit(domain, (index + 0.5) / count),
  )
  return {
    count,
    labels: isRange
      ? values.map((value) => formatNumber(Number(Number(value).toPrecision(2))))
      : optionLabels(values, 16),
    at: (u) => Math.min(count - 1, Math.floor(u * count)),
  }
}

function valueAt({ edges, values }: Surface, u: number, v: number): number {
  const cell = (ends: Float64Array, at: number) =>
    Math.max(
      0,
      ends.findLastIndex((end) => end <= at),
    )
  const columns = edges[1].length - 1
  return (
    values[Math.min(edges[0].length - 2, cell(edges[0], u)) * columns + Math.min(columns - 1, cell(edges[1], v))] ?? 0
  )
}
