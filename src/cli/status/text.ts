/*
 * The text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/
 */

/** What stands between a metric's name and its value, and the value. */
export type Sample = readonly [labels: string, value: number]

/** A metric with all its samples, as lines. */
export function metricText(
  name: string,
  type: 'counter' | 'gauge' | 'histogram' | 'summary',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([labels, value]) => `${name}${labels} ${value}\n`)
  return [`# HELP ${name} ${help}\n`, `# TYPE ${name} ${type}\n`, ...lines].join('')
}

export function labelsText(labels: Readonly<Record<string, string>>): string {
  const written = Object.entries(labels).map(
    ([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`,
  )
  return `{${written.join(',')}}`
}

export interface Histogram {
  add(value: number): void
  samples(): Sample[]
}

/** Counts values up to each of the bounds, which ascend: whoever reads them at two times knows the quantiles between. */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = [...bounds, Number.POSITIVE_INFINITY].map(() => 0)
  let sum = 0
  return {
    add(value) {
      let place = 0
      while (value > (bounds[place] ?? Number.POSITIVE_INFINITY)) place++
      counts[place] = (counts[place] ?? 0) + 1
      sum += value
    },
    samples() {
      let total = 0
      const buckets = counts.map((count, i): Sample => {
        total += count
        return [`_bucket${labelsText({ le: String(bounds[i] ?? '+Inf') })}`, total]
      })
      return [...buckets, ['_sum', sum], ['_count', total]]
    },
  }
}
