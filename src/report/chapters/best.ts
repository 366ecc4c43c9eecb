import type { Domain, Scalar } from '../../space/domain.ts'
import { edgeOf } from '../edge.ts'
import { formatNumber } from '../format.ts'
import type { ReportInput } from '../input.ts'
import { code, codeBlock, table } from '../markdown.ts'
import type { Chapter } from './chapter.ts'

/** The best trial's parameters, nested as `run` gets them, and each against its range. */
export function bestChapter({ best, space, ranked, study }: ReportInput): Chapter | undefined {
  if (!best) return undefined
  const rows = space.parameters.flatMap(({ name, domain }) => {
    const value = best.params[name]
    return value === undefined ? [] : [{ name, domain, value, edge: edgeOf(domain, value) }]
  })
  const atEdge = rows.filter(({ edge }) => edge !== undefined)
  return {
    title: 'Best configuration',
    blocks: [
      `The parameters of trial ${best.number}:`,
      codeBlock('json', JSON.stringify(space.nest(best.params), null, 2)),
      table(
        ['parameter', 'value', 'range', 'remark'],
        rows.map(({ name, domain, value, edge }) => [
          code(name),
          shown(value),
          rangeOf(domain),
          edge ? `at the edge: widen the range ${edge === 'low' ? 'downward' : 'upward'}` : '',
        ]),
      ),
      ...(atEdge.length > 0
        ? [
            `A value at the edge of its range may mean that better ones lie beyond: ${atEdge.map(({ name }) => code(name)).join(', ')}.`,
          ]
        : []),
      ...(ranked.length > 1
        ? [
            `Its value is the best of ${ranked.length.toLocaleString('en-US')} and for that alone a little better than it would be in another run${study.test ? '; the test above is not.' : ': a `test` function in the study measures it on data that chose nothing.'}`,
          ]
        : []),
    ],
    figures: [],
  }
}

function shown(value: Scalar): string {
  return typeof value === 'number' ? formatNumber(value) : typeof value === 'string' ? code(value, 60) : String(value)
}

function rangeOf(domain: Domain): string {
  switch (domain.type) {
    case 'float':
    case 'int': {
      const scale = { linear: '', log: ', log', reverseLog: ', log of 1 − x' }[domain.scale]
      const step = domain.step === undefined ? '' : `, ${domain.scale === 'log' ? 'factor' : 'step'} ${domain.step}`
      return `${formatNumber(domain.low)} to ${formatNumber(domain.high)}${scale}${step}`
    }
    case 'choice':
      return listed(domain.values)
    case 'branch':
      return listed(Object.keys(domain.branches))
    case 'bool':
      return listed([false, true])
    case 'fixed':
      return 'fixed'
  }
}

function listed(values: readonly Scalar[], limit = 8): string {
  const more = values.length > limit ? ` and ${values.length - limit} more` : ''
  return values.slice(0, limit).map(shown).join(', ') + more
}
