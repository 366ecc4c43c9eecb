import type { Parameter } from '../../space/space.ts'
import { domainAt, domainSize, domainToUnit } from '../../space/value.ts'
import { formatNumber, round, shortName } from '../format.ts'
import { coordinateOf, paramOf, type RankedTrial } from '../input.ts'
import { optionLabels } from './option-labels.ts'

/** With more values than these, only the ends of a range are labelled. */
const MAX_LABELS = 9
/** Of more options than these, only some are labelled. */
const MAX_OPTIONS = 14
/** Letters that fit into a row. */
const LETTERS = 75

/** Text at a place of a row of the parallel coordinates. */
export type Label = {
  readonly row: string
  readonly u: number
  readonly text: string
  readonly align: 'left' | 'center' | 'right'
}

/** What a parameter's row shows: its values where there are few, else its ends. */
export function rowLabels({ domain }: Parameter, row: string): Label[] {
  const size = domainSize(domain)
  const isRange = domain.type === 'float' || domain.type === 'int'
  const values =
    size <= MAX_LABELS || !isRange
      ? Array.from({ length: Math.min(size, 200) }, (_, index) => domainAt(domain, index))
      : [domain.low, domain.high]
  const letters = Math.max(4, Math.floor(LETTERS / values.length))
  const texts = isRange
    ? values.map((value) => formatNumber(Number(value)))
    : optionLabels(values, values.length > 1 ? letters : 40)
  const every = Math.ceil(values.length / MAX_OPTIONS)
  return values.flatMap((value, index) =>
    index % every === 0 ? [placed(row, domainToUnit(domain, value), texts[index] ?? '')] : [],
  )
}

/** A trial's value in a row, or nothing where it does not have the parameter. */
export function valueLabel(trial: RankedTrial, parameter: Parameter, row: string): Label[] {
  const value = paramOf(trial, parameter)
  const u = coordinateOf(trial, parameter)
  if (value === undefined || u === undefined) return []
  return [
    placed(
      row,
      u,
      typeof value === 'number' ? formatNumber(Number(value.toPrecision(4))) : shortName(String(value), 24),
    ),
  ]
}

function placed(row: string, u: number, text: string): Label {
  // Centred where that does not reach over the end of the row.
  const half = text.length / LETTERS / 2
  return { row, u: round(u), text, align: u < half ? 'left' : u > 1 - half ? 'right' : 'center' }
}
