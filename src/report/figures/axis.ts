import type { FloatDomain, IntDomain } from '../../space/domain.ts'
import { rangeAt, rangeSize } from '../../space/range.ts'
import type { Parameter } from '../../space/space.ts'
import { domainAt, domainSize } from '../../space/value.ts'
import { round, shortName } from '../format.ts'
import { logTicks, NUMBERS } from './axes.ts'
import { optionLabels } from './option-labels.ts'

/** Letters that fit below a panel side by side, and the most of one label that is slanted. */
const LETTERS = 42
const SLANTED = 14

/** The x channel of one parameter, and where a value is drawn on it. */
export interface ParameterAxis {
  place(value: string | number | boolean): string | number
  readonly title: string
  readonly channel: object
}

/** The axis that a parameter's domain asks for: even, logarithmic, logarithmic in 1 - x, or one place an option. */
export function parameterAxis({ name, domain }: Parameter): ParameterAxis {
  const title = shortName(name, 30)
  if (domain.type !== 'float' && domain.type !== 'int') {
    const options = Array.from({ length: domainSize(domain) }, (_, index) => domainAt(domain, index))
    const fitting = optionLabels(options, Math.max(6, Math.floor(LETTERS / options.length)))
    const isTight = fitting.some((label) => label.includes('…'))
    const labels = isTight ? optionLabels(options, SLANTED) : fitting
    return {
      title,
      place: (value) => labels[options.indexOf(value)] ?? String(value),
      channel: {
        type: 'nominal',
        scale: { type: 'point', domain: labels, padding: 0.5 },
        axis: { labelAngle: isTight ? -25 : 0, labelLimit: 0, labelOverlap: options.length > 16 },
      },
    }
  }
  return domain.scale === 'reverseLog' ? reverseLogAxis(title, domain) : rangeAxis(title, domain)
}

function rangeAxis(title: string, range: FloatDomain | IntDomain): ParameterAxis {
  const isLog = range.scale === 'log'
  // Half a step of room on either side, so that the end values of an int are not cut in half.
  const [low, high] = range.type === 'int' && !isLog ? [range.low - 0.5, range.high + 0.5] : [range.low, range.high]
  const size = rangeSize(range)
  const ticks = size <= 8 ? Array.from({ length: size }, (_, index) => rangeAt(range, index)) : undefined
  return {
    title: isLog ? `${title} (log)` : title,
    place: (value) => round(Number(value)),
    channel: {
      type: 'quantitative',
      scale: { type: isLog ? 'log' : 'linear', domain: [low, high], nice: false, ...(!isLog && { zero: false }) },
      axis: {
        ...NUMBERS,
        tickCount: 5,
        labelOverlap: true,
        ...(ticks ? { values: ticks } : isLog && { values: logTicks(range.low, range.high) }),
        ...(range.type === 'int' && { tickMinStep: 1 }),
      },
    },
  }
}

/** Drawn as 1 - x, reversed, so that x still grows to the right. */
function reverseLogAxis(title: string, range: FloatDomain | IntDomain): ParameterAxis {
  const domain = [round(1 - range.high), round(1 - range.low)] as const
  return {
    title: `1 \u2212 ${title} (log, reversed)`,
    place: (value) => round(1 - Number(value)),
    channel: {
      type: 'quantitative',
      scale: { type: 'log', domain, reverse: true, nice: false },
      axis: { ...NUMBERS, labelOverlap: true, values: logTicks(...domain) },
    },
  }
}
