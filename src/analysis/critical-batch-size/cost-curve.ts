import { isAmount } from '../amount.ts'
import { type Estimate, type Finding, known, unknown } from '../finding.ts'
import { mapEstimate } from '../map-estimate.ts'
import type { Frontier, FrontierCurvePoint } from './fit-frontier.ts'

/** Measured on the hardware that is asked about. */
export interface Throughput {
  readonly batchSize: number
  readonly examplesPerSecond: number
}

export interface CostCurve {
  /** By batch size: those of the frontier's curve between the smallest and the largest whose throughput was measured. */
  readonly points: readonly CostPoint[]
  /** The fewest examples, the least time, and where the one is worth the other: see `advice`. */
  readonly cheapest: CostPoint
  readonly fastest: CostPoint
  readonly advised: CostPoint
  /** A sentence. */
  readonly advice: string
}

export interface CostPoint extends FrontierCurvePoint {
  /** Interpolated in log between the batch sizes at which it was measured. */
  readonly examplesPerSecond: number
  /** To the goal. With the interval of the steps, the throughput taken for exact. */
  readonly seconds: Estimate
}

/** Of the time, that a doubling of the batch size has to save to be worth its examples. */
const WORTH = 0.1

/**
 * What it costs to reach the goal at each batch size, in time and in examples. The advised batch size is the smallest from
 * which none larger saves 10 % of the time a doubling.
 */
export function costCurve({ curve }: Pick<Frontier, 'curve'>, measured: readonly Throughput[]): Finding<CostCurve> {
  const wrong = measured.find(
    ({ batchSize, examplesPerSecond }) => !(isAmount(batchSize) && isAmount(examplesPerSecond)),
  )
  if (wrong) return unknown(`The throughput at batch size ${wrong.batchSize} is ${wrong.examplesPerSecond}.`)
  const rateAt = interpolate(measured)
  const points = curve
    .toSorted((a, b) => a.batchSize - b.batchSize)
    .flatMap((point): CostPoint[] => {
      const examplesPerSecond = rateAt(point.batchSize)
      if (examplesPerSecond === undefined) return []
      const seconds = mapEstimate(point.examples, (examples) => examples / examplesPerSecond)
      return [{ ...point, examplesPerSecond, seconds }]
    })
  const [first] = points
  if (!first) return unknown('No batch size of the sweep is among those whose throughput was measured.')
  const cheapest = points.reduce((best, point) => (point.examples.value < best.examples.value ? point : best))
  const fastest = points.reduce((best, point) => (point.seconds.value < best.seconds.value ? point : best))
  const advised = points.find((point) => points.every((other) => !isWorth(point, other))) ?? fastest
  return known({ points, cheapest, fastest, advised, advice: adviceOn(points, cheapest, advised) })
}

/** Whether a larger batch size saves enough of the time for each doubling that leads to it. */
function isWorth(from: CostPoint, to: CostPoint): boolean {
  const doublings = Math.log2(to.batchSize / from.batchSize)
  return doublings > 0 && to.seconds.value <= from.seconds.value * (1 - WORTH) ** doublings
}

function adviceOn(points: readonly CostPoint[], cheapest: CostPoint, advised: CostPoint): string {
  const beyond =
    advised === points.at(-1)
      ? 'no larger batch size was measured.'
      : `beyond it no doubling saves ${100 * WORTH} % of the time.`
  if (advised === cheapest) return `Batch size ${advised.batchSize} takes the fewest examples, and ${beyond}`
  const [examples, time] = [
    advised.examples.value / cheapest.examples.value,
    cheapest.seconds.value / advised.seconds.value,
  ]
  return (
    `Batch size ${advised.batchSize} takes ${times(examples)} the examples of the cheapest, ${cheapest.batchSize}, and is ` +
    `${times(time)} as fast; ${beyond}`
  )
}

function times(ratio: number): string {
  return `${Number(ratio.toPrecision(2))} times`
}

/** The rate at a batch size, linear in the logarithms of both; undefined beyond what was measured. */
function interpolate(measured: readonly Throughput[]): (batchSize: number) => number | undefined {
  const groups = [...Map.groupBy(measured, ({ batchSize }) => batchSize)].sort(([a], [b]) => a - b)
  const nodes = groups.map(([batchSize, group]) => ({
    x: Math.log(batchSize),
    y: group.reduce((sum, { examplesPerSecond }) => sum + Math.log(examplesPerSecond), 0) / group.length,
  }))
  return (batchSize) => {
    const x = Math.log(batchSize)
    const next = nodes.findIndex((node) => node.x >= x)
    const [right, left] = [nodes[next], nodes[next - 1]]
    if (right?.x === x) return Math.exp(right.y)
    if (!left || !right) return undefined
    return Math.exp(left.y + ((x - left.x) / (right.x - left.x)) * (right.y - left.y))
  }
}
