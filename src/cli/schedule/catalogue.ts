import { constantSchedule } from '../../train/schedules/constant.ts'
import { cosineAnnealing, cosineDecay } from '../../train/schedules/cosine.ts'
import { cyclic } from '../../train/schedules/cyclic.ts'
import { exponentialDecay } from '../../train/schedules/exponential.ts'
import { inverseSquareRoot, noam } from '../../train/schedules/inverse-square-root.ts'
import { linearSchedule } from '../../train/schedules/linear.ts'
import { oneCycle } from '../../train/schedules/one-cycle.ts'
import { polynomialDecay } from '../../train/schedules/polynomial.ts'
import { reduceOnPlateau } from '../../train/schedules/reduce-on-plateau.ts'
import { lambdaSchedule, type Schedule } from '../../train/schedules/schedule.ts'
import { multiStepDecay, stepDecay } from '../../train/schedules/step-decay.ts'
import { trapezoid } from '../../train/schedules/trapezoid.ts'
import { cosineWarmRestarts } from '../../train/schedules/warm-restarts.ts'
import { warmup } from '../../train/schedules/warmup.ts'
import { followMetric, type MetricSource } from './metric.ts'
import type { Values } from './values.ts'

/** A schedule that was built. */
export interface Built {
  readonly schedule: Schedule
  /** How many steps it is for, where it says that: what follows it begins there. */
  readonly lasts?: number | undefined
  /** How many steps show what it does. */
  readonly shows: number
}

/** A schedule that the command line knows by name. */
export interface Entry {
  readonly name: string
  /** Its function in `dynotune/train`. */
  readonly function: string
  readonly about: string
  /** In their order: `name`, or `name=default`. */
  readonly options: readonly string[]
  /** Whether a schedule may stand in parentheses after the name. */
  readonly wraps?: boolean
  build(values: Values, inner: Built | undefined, metric: MetricSource): Built
}

const ONE: Built = { schedule: lambdaSchedule(() => 1), shows: 0 }

export const CATALOGUE: readonly Entry[] = [
  {
    name: 'constant',
    function: 'constantSchedule',
    about: 'factor for some steps, then 1',
    options: ['factor=1/3', 'steps=5'],
    build: (o) => ending(constantSchedule({ factor: o.number('factor'), steps: o.number('steps') }), o),
  },
  {
    name: 'linear',
    function: 'linearSchedule',
    about: 'evenly from start to end',
    options: ['steps=5', 'start=1/3', 'end=1'],
    build: (o) =>
      ending(linearSchedule({ start: o.number('start'), end: o.number('end'), steps: o.number('steps') }), o),
  },
  {
    name: 'step',
    function: 'stepDecay',
    about: 'times factor every so many steps',
    options: ['every', 'factor=0.1'],
    build: (o) => ({
      schedule: stepDecay({ every: o.number('every'), factor: o.number('factor') }),
      shows: 4 * o.number('every'),
    }),
  },
  {
    name: 'multiStep',
    function: 'multiStepDecay',
    about: 'times factor at each milestone',
    options: ['milestones', 'factor=0.1'],
    build: (o) => ({
      schedule: multiStepDecay({ milestones: o.numbers('milestones'), factor: o.number('factor') }),
      shows: 1.25 * (o.numbers('milestones').at(-1) ?? 0),
    }),
  },
  {
    name: 'polynomial',
    function: 'polynomialDecay',
    about: 'a power of what is left of the steps; with cycle again and again, lower',
    options: ['steps', 'power=1', 'end=0', 'cycle=false'],
    build(o) {
      const cycle = o.flag('cycle')
      const schedule = polynomialDecay({
        steps: o.number('steps'),
        power: o.number('power'),
        end: o.number('end'),
        cycle,
      })
      return cycle ? { schedule, shows: 4 * o.number('steps') } : ending(schedule, o)
    },
  },
  {
    name: 'exponential',
    function: 'exponentialDecay',
    about: 'times factor every step',
    options: ['factor'],
    build(o) {
      const factor = o.number('factor')
      const steps = Math.log(0.01) / Math.log(factor)
      return { schedule: exponentialDecay({ factor }), shows: steps > 0 ? Math.min(1e5, steps) : 0 }
    },
  },
  {
    name: 'cosine',
    function: 'cosineDecay',
    about: 'half a cosine from 1 to end, then end',
    options: ['steps', 'end=0'],
    build: (o) => ending(cosineDecay({ steps: o.number('steps'), end: o.number('end') }), o),
  },
  {
    name: 'cosineAnnealing',
    function: 'cosineAnnealing',
    about: 'the same, but up again after the steps, and so on',
    options: ['steps', 'end=0'],
    build: (o) => ({
      ...ending(cosineAnnealing({ steps: o.number('steps'), end: o.number('end') }), o),
      shows: 4 * o.number('steps'),
    }),
  },
  {
    name: 'warmRestarts',
    function: 'cosineWarmRestarts',
    about:
      'half a cosine again and again, limit times (0: for ever), each multiply times as long and decay times as high',
    options: ['period', 'multiply=1', 'end=0', 'decay=1', 'limit=0'],
    build(o) {
      const [period, multiply, limit] = [o.number('period'), o.number('multiply'), o.number('limit')]
      const schedule = cosineWarmRestarts({ period, multiply, end: o.number('end'), decay: o.number('decay'), limit })
      return { schedule, shows: period * (1 + multiply + multiply ** 2) }
    },
  },
  {
    name: 'inverseSquareRoot',
    function: 'inverseSquareRoot',
    about: 'evenly up to 1, then down with the root of the steps',
    options: ['warmup=4000'],
    build: (o) => ({
      schedule: inverseSquareRoot({ warmup: o.number('warmup') }),
      shows: 5 * o.number('warmup'),
    }),
  },
  {
    name: 'noam',
    function: 'noam',
    about: 'the same as the rate of a Transformer of that size',
    options: ['size', 'warmup=4000'],
    build: (o) => ({
      schedule: noam({ size: o.number('size'), warmup: o.number('warmup') }),
      shows: 5 * o.number('warmup'),
    }),
  },
  {
    name: 'oneCycle',
    function: 'oneCycle',
    about: 'from start up to 1, for the part rise of the steps, then down to end',
    options: ['steps', 'rise=0.3', 'anneal=cosine', 'start=1/25', 'end=start/10000', 'threePhase=false'],
    build: (o) =>
      ending(
        oneCycle({
          steps: o.number('steps'),
          rise: o.number('rise'),
          anneal: o.word('anneal', ['cosine', 'linear']),
          start: o.number('start'),
          ...(o.has('end') && { end: o.number('end') }),
          threePhase: o.flag('threePhase'),
        }),
        o,
      ),
  },
  {
    name: 'cyclic',
    function: 'cyclic',
    about: 'evenly from low up to 1 and down, again and again; with triangular2 half as high each time',
    options: ['low', 'up=2000', 'down=up', 'mode=triangular', 'gamma=1'],
    build(o) {
      const up = o.number('up')
      const down = o.has('down') ? o.number('down') : up
      const mode = o.word('mode', ['triangular', 'triangular2', 'expRange'])
      const schedule = cyclic({ low: o.number('low'), up, down, mode, gamma: o.number('gamma') })
      return { schedule, shows: 3 * (up + down) }
    },
  },
  {
    name: 'trapezoid',
    function: 'trapezoid',
    about: 'up in the warmup, stays, and down in the last decay steps',
    options: ['steps', 'decay', 'warmup=0', 'start=0', 'end=0', 'ease=linear'],
    build: (o) =>
      ending(
        trapezoid({
          steps: o.number('steps'),
          warmup: o.number('warmup'),
          decay: o.number('decay'),
          start: o.number('start'),
          end: o.number('end'),
          ease: o.word('ease', ['linear', 'cosine', 'squareRoot']),
        }),
        o,
      ),
  },
  {
    name: 'warmup',
    function: 'warmup',
    about: 'from factor up to the schedule in parentheses, or to 1; with prefix the schedule starts after it',
    options: ['steps=5', 'factor=1/3', 'method=linear', 'prefix=false'],
    wraps: true,
    build(o, inner = ONE) {
      const [steps, prefix] = [o.number('steps'), o.flag('prefix')]
      const method = o.word('method', ['linear', 'constant'])
      const added = prefix || inner === ONE ? steps : 0
      return {
        schedule: warmup(inner.schedule, { steps, factor: o.number('factor'), method, prefix }),
        lasts: inner === ONE ? steps : inner.lasts && inner.lasts + added,
        shows: inner.shows + added,
      }
    },
  },
  {
    name: 'reduceOnPlateau',
    function: 'reduceOnPlateau',
    about: 'times factor when more than patience values of --metric in a row are no improvement',
    options: [
      'factor=0.1',
      'patience=10',
      'goal=minimize',
      'threshold=1e-4',
      'thresholdMode=relative',
      'cooldown=0',
      'minFactor=0',
      'epsilon=1e-8',
    ],
    build(o, _, metric) {
      const plateau = reduceOnPlateau({
        factor: o.number('factor'),
        patience: o.number('patience'),
        goal: o.word('goal', ['minimize', 'maximize']),
        threshold: o.number('threshold'),
        thresholdMode: o.word('thresholdMode', ['relative', 'absolute']),
        cooldown: o.number('cooldown'),
        minFactor: o.number('minFactor'),
        epsilon: o.number('epsilon'),
      })
      const measured = metric()
      return { schedule: followMetric(plateau, measured), shows: measured.at(-1)?.step ?? 0 }
    },
  },
]

function ending(schedule: Schedule, options: Values): Built {
  const steps = options.number('steps')
  return { schedule, lasts: steps, shows: steps }
}
