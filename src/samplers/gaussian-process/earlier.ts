import type { StudyView } from '../../study/view.ts'
import { mostTelling } from '../earlier/studies.ts'
import { trustedStudies } from '../earlier/trust.ts'
import { type Columns, NO_OPTION, rowsOf } from './inputs.ts'
import { type Data, type Fitter, type Surrogate, scheduled } from './surrogate.ts'

/** The most rows, of all earlier studies together: with 50 each of the first 30 suggestions takes about four times as long. */
const MOST = 50

/**
 * Lets a process of several studies tell them apart: a column more for each earlier one, which says whether a row is of it
 * (Swersky, Snoek and Adams, "Multi-task Bayesian optimization", NIPS 2013, section 3.1). The weight of such a column, fitted
 * as any other, is how much that study differs from this one: the model learns the difference, down to all there is.
 */
function withStudies(columns: Columns, studies: number): Columns {
  const count = columns.count + studies
  return {
    ...columns,
    count,
    isOption: [...columns.isOption, ...Array.from({ length: studies }, () => true)],
    encode(point, row) {
      columns.encode(point, row)
      row.fill(0, columns.count, count)
    },
  }
}

/** The data of a study with the trials of the earlier ones that agree with it, their values brought to its scale. */
export function withEarlier(view: StudyView, data: Data): Data {
  const { columns } = data
  // What hyperparameters are fitted to must not change until they are fitted again.
  const y = data.y.subarray(0, scheduled(data.y.length))
  const studies = trustedStudies(view, y.length).flatMap(({ trials, expected }) => {
    const line = lineThrough(expected, y)
    return line ? [{ trials, line }] : []
  })
  if (studies.length === 0) return data
  const joint = withStudies(columns, studies.length)
  const each = Math.ceil(MOST / studies.length)
  const all = studies.flatMap(({ trials, line }, study) =>
    mostTelling(trials, each).map(({ point, score }) => ({ point, study, value: line(score) })),
  )
  const rows = new Float64Array(all.length * joint.count)
  for (const [i, { point, study }] of all.entries()) {
    const row = rows.subarray(i * joint.count, (i + 1) * joint.count)
    joint.encode(point, row)
    for (const [k, isOption] of columns.isOption.entries()) {
      const isMissing = columns.isActive(point, k) && Number.isNaN(point[k])
      if (isMissing) row[k] = isOption ? NO_OPTION : 0.5
    }
    row[columns.count + study] = 1
  }
  return {
    ...data,
    columns: joint,
    earlier: { count: all.length, rows, y: Float64Array.from(all, ({ value }) => value) },
  }
}

/** The process of a study's values, and of earlier studies' where there are any; its members and means are of this study. */
export function fitJointly(fitter: Fitter, { columns, points, y, earlier }: Data): Surrogate {
  const rows = rowsOf(columns, points)
  if (!earlier) return fitter(columns, rows, y)
  const { count } = earlier
  const joint = fitter(columns, joined(earlier.rows, rows), joined(earlier.y, y), count)
  const own = joint.members.flatMap((member, i) => (member < count ? [] : [i]))
  return {
    ...joint,
    members: own.map((i) => (joint.members[i] ?? 0) - count),
    means: Float64Array.from(own, (i) => joint.means[i] ?? 0),
  }
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/**
 * From a score to the value that it means here: a line through what a study's excess over its best (see `scoresOf`) is
 * expected to be at the trials, by least squares in which bad trials count less. Undefined where that does not rise.
 */
function lineThrough(scores: readonly number[], y: Float64Array): ((score: number) => number) | undefined {
  const weights = scores.map((score) => Math.exp(-2 * Math.max(0, score)))
  const excess = scores.map((score) => Math.expm1(score))
  const total = weights.reduce((a, b) => a + b, 0)
  const mean = (values: ArrayLike<number>) =>
    weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0) / total
  const [meanX, meanY] = [mean(excess), mean(y)]
  const slope =
    mean(excess.map((x, i) => (x - meanX) * ((y[i] ?? 0) - meanY))) / mean(excess.map((x) => (x - meanX) ** 2))
  return slope > 0 && slope < Number.POSITIVE_INFINITY
    ? (score) => meanY + slope * (Math.expm1(score) - meanX)
    : undefined
}
