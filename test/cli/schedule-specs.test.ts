import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildSchedule } from '../../src/cli/schedule/build.ts'
import { CATALOGUE } from '../../src/cli/schedule/catalogue.ts'
import { parseNumber, parseSpec } from '../../src/cli/schedule/grammar.ts'
import { nearest } from '../../src/cli/schedule/nearest.ts'
import { chainedSchedule } from '../../src/train/schedules/chained.ts'
import { constantSchedule } from '../../src/train/schedules/constant.ts'
import { cosineAnnealing, cosineDecay } from '../../src/train/schedules/cosine.ts'
import { cyclic } from '../../src/train/schedules/cyclic.ts'
import { exponentialDecay } from '../../src/train/schedules/exponential.ts'
import { inverseSquareRoot, noam } from '../../src/train/schedules/inverse-square-root.ts'
import { linearSchedule } from '../../src/train/schedules/linear.ts'
import { oneCycle } from '../../src/train/schedules/one-cycle.ts'
import { polynomialDecay } from '../../src/train/schedules/polynomial.ts'
import { scaled } from '../../src/train/schedules/scaled.ts'
import { lambdaSchedule, type Schedule } from '../../src/train/schedules/schedule.ts'
import { sequentialSchedule } from '../../src/train/schedules/sequential.ts'
import { multiStepDecay, stepDecay } from '../../src/train/schedules/step-decay.ts'
import { trapezoid } from '../../src/train/schedules/trapezoid.ts'
import { cosineWarmRestarts } from '../../src/train/schedules/warm-restarts.ts'
import { warmup } from '../../src/train/schedules/warmup.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'

const one = lambdaSchedule(() => 1)
const valuesOf = (schedule: Schedule) => Array.from({ length: 60 }, (_, step) => schedule(step))
/** Without an improvement after its first value. */
const METRIC = Array.from({ length: 60 }, (_, i) => ({ step: i + 1, value: 1 }))
const build = (text: string) => buildSchedule(parseSpec(text), () => METRIC)

/** The shortest spec of every name, and the same as written in code. */
const SHORTEST: readonly (readonly [string, Schedule])[] = [
  ['constant', constantSchedule()],
  ['linear', linearSchedule()],
  ['step:9', stepDecay({ every: 9 })],
  ['multiStep:9,20', multiStepDecay({ milestones: [9, 20] })],
  ['polynomial:40', polynomialDecay({ steps: 40 })],
  ['exponential:0.9', exponentialDecay({ factor: 0.9 })],
  ['cosine:40', cosineDecay({ steps: 40 })],
  ['cosineAnnealing:20', cosineAnnealing({ steps: 20 })],
  ['warmRestarts:10', cosineWarmRestarts({ period: 10 })],
  ['inverseSquareRoot', inverseSquareRoot()],
  ['noam:512', noam({ size: 512 })],
  ['oneCycle:40', oneCycle({ steps: 40 })],
  ['cyclic:0.1', cyclic({ low: 0.1 })],
  ['trapezoid:40,decay=10', trapezoid({ steps: 40, decay: 10 })],
  ['warmup', warmup(one)],
  ['reduceOnPlateau', stalled(11, 0.1)],
]

/** A reduction after as many values that are no improvement: from the step on that is one later, the first is the best. */
function stalled(values: number, factor: number): Schedule {
  const reductions = (step: number) => Array(Math.max(0, Math.floor((step - 1) / values))).fill(factor)
  return lambdaSchedule((step) => reductions(step).reduce((product, each) => product * each, 1))
}

describe('names', () => {
  test.each(SHORTEST)('%s leaves the defaults to the schedule', async (text, schedule) => {
    expect(valuesOf((await build(text)).schedule)).toEqual(valuesOf(schedule))
  })

  test('are all of them', () => {
    expect(SHORTEST.map(([text]) => text.replace(/:.*/, ''))).toEqual(CATALOGUE.map(({ name }) => name))
  })

  test.each(SHORTEST)('%s with every default spelled out is the same', async (text, schedule) => {
    const { options = [] } = CATALOGUE.find(({ name }) => name === text.replace(/:.*/, '')) ?? {}
    // The defaults of these two follow another option.
    const spelled = options
      .filter((option) => option.includes('='))
      .map((option) => option.replace('down=up', 'down=2000').replace('end=start/10000', 'end=4e-6'))
    const spec = `${text}${text.includes(':') ? ',' : ':'}${spelled.join(',')}`.replace(/,$/, '')
    expect(valuesOf((await build(spec)).schedule)).toEqual(valuesOf(schedule))
  })

  test.each<[string, Schedule]>([
    ['constant:factor=0.2,steps=3', constantSchedule({ factor: 0.2, steps: 3 })],
    ['linear:start=0.2,end=0.9,steps=7', linearSchedule({ start: 0.2, end: 0.9, steps: 7 })],
    ['step:every=4,factor=1/2', stepDecay({ every: 4, factor: 0.5 })],
    ['multiStep:factor=0.3,milestones=5,50', multiStepDecay({ factor: 0.3, milestones: [5, 50] })],
    ['polynomial:steps=9,power=2,end=1e-3,cycle=true', polynomialDecay({ steps: 9, power: 2, end: 1e-3, cycle: true })],
    ['cosine:steps=9,end=0.1', cosineDecay({ steps: 9, end: 0.1 })],
    ['cosineAnnealing:steps=9,end=0.1', cosineAnnealing({ steps: 9, end: 0.1 })],
    [
      'warmRestarts:period=3,multiply=2,end=0.1,decay=0.9,limit=2',
      cosineWarmRestarts({ period: 3, multiply: 2, end: 0.1, decay: 0.9, limit: 2 }),
    ],
    ['inverseSquareRoot:warmup=9', inverseSquareRoot({ warmup: 9 })],
    ['noam:size=8,warmup=9', noam({ size: 8, warmup: 9 })],
    [
      'oneCycle:steps=40,rise=0.2,anneal=linear,start=0.1,end=0.01,threePhase=true',
      oneCycle({ steps: 40, rise: 0.2, anneal: 'linear', start: 0.1, end: 0.01, threePhase: true }),
    ],
    [
      'cyclic:low=0.1,up=3,down=4,mode=expRange,gamma=0.9',
      cyclic({ low: 0.1, up: 3, down: 4, mode: 'expRange', gamma: 0.9 }),
    ],
    [
      'trapezoid:steps=40,decay=10,warmup=5,start=0.1,end=0.2,ease=squareRoot',
      trapezoid({ steps: 40, decay: 10, warmup: 5, start: 0.1, end: 0.2, ease: 'squareRoot' }),
    ],
    [
      'warmup(step:4):steps=6,factor=0.1,method=constant,prefix=true',
      warmup(stepDecay({ every: 4 }), { steps: 6, factor: 0.1, method: 'constant', prefix: true }),
    ],
    ['reduceOnPlateau:factor=0.5,patience=3', stalled(4, 0.5)],
  ])('%s takes its options', async (text, schedule) => {
    expect(valuesOf((await build(text)).schedule)).toEqual(valuesOf(schedule))
  })
})

describe('composition', () => {
  const cosine = cosineDecay({ steps: 20 })
  const decay = exponentialDecay({ factor: 0.9 })
  const ramp = linearSchedule({ steps: 10 })

  test.each<[string, Schedule, number]>([
    ['linear:10->cosine:20', sequentialSchedule([ramp, cosine], { milestones: [10] }), 30],
    ['linear:10@4->cosine:20', sequentialSchedule([ramp, cosine], { milestones: [4] }), 24],
    [
      ' linear:steps=10, end=1 -> exponential:.9 @ 15 -> cosine:20 ',
      sequentialSchedule([ramp, decay, cosine], { milestones: [10, 25] }),
      45,
    ],
    ['linear:10->(linear:10->cosine:20)@7', sequentialSchedule([ramp, ramp, cosine], { milestones: [10, 20] }), 17],
    ['(linear:10)', ramp, 10],
    ['linear:10*cosine:20', chainedSchedule(ramp, cosine), 20],
    ['0.5*cosine:20', scaled(0.5, cosine), 20],
    ['1/2*1e-1*cosine:20', scaled(0.05, cosine), 20],
    ['0.5@10->1', sequentialSchedule([scaled(0.5, one), one], { milestones: [10] }), 10],
    [
      'linear:10*(1@3->exponential:.9)@30',
      chainedSchedule(ramp, sequentialSchedule([one, decay], { milestones: [3] })),
      30,
    ],
    ['warmup(cosine:20):4', warmup(cosine, { steps: 4 }), 20],
    ['warmup(cosine:20):4,prefix=true', warmup(cosine, { steps: 4, prefix: true }), 24],
    ['warmup:4->cosine:20', warmup(cosine, { steps: 4, prefix: true }), 24],
    ['warmup(linear:10->cosine:20)', warmup(sequentialSchedule([ramp, cosine], { milestones: [10] })), 30],
  ])('%s', async (text, schedule, shows) => {
    const built = await build(text)
    for (const [step, value] of valuesOf(schedule).entries()) expect(built.schedule(step)).toBeCloseTo(value, 14)
    expect(built.shows).toBe(shows)
  })

  test('a file has a place in it', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'mine.mjs')
    writeFileSync(file, 'export const half = (step) => 2 ** -step\nexport default () => 3')
    const { schedule } = await build(`${file}#half@2->${file}*0.5`)
    expect([0, 1, 2, 3].map(schedule)).toEqual([1, 0.5, 1.5, 1.5])
    await expect(build(`${file}#hal`)).rejects.toMatchObject({
      code: 'option.invalid',
      remedy: expect.stringMatching(/^did you mean half\? .*#name with one of /),
    })
    writeFileSync(join(folder, 'broken.mjs'), 'throw new Error("no")')
    await expect(build(join(folder, 'broken.mjs'))).rejects.toMatchObject({
      message: 'The file fails when it is imported.',
      cause: { message: 'no' },
    })
    await expect(build(join(folder, 'none.ts'))).rejects.toMatchObject({ message: 'There is no such file.' })
  })
})

describe('what is refused', () => {
  test.each([
    ['', 'a schedule', '▸'],
    ['cosine:20->', 'a schedule', 'cosine:20->▸'],
    ['cosine:', 'an option', 'cosine:▸'],
    ['cosine:steps=', 'a value', 'cosine:steps=▸'],
    ['cosine:20@x', 'a number of steps', 'cosine:20@▸x'],
    ['(cosine:20', '")"', '(cosine:20▸'],
    ['cosine:20)', '"->", "*", "@" or the end', 'cosine:20▸)'],
  ])('"%s" is not finished: %s is expected', (text, what, place) => {
    const error = thrownBy(() => parseSpec(text))
    expect(error).toMatchObject({ code: 'option.invalid', value: text })
    expect(error.message).toBe(`Here ${what} is expected: ${place}`)
  })

  test.each([
    ['cosin:20', 'There is no schedule "cosin".', /^did you mean cosine\? known are constant, .*, reduceOnPlateau$/],
    ['qqqqqq', 'There is no schedule "qqqqqq".', /^known are constant/],
    ['linear->reduceOnPlateau', 'reduceOnPlateau follows the metric of the whole training.', /^multiply/],
    ['warmup(reduceOnPlateau)', 'reduceOnPlateau follows the metric of the whole training.', /^multiply/],
    ['lambda', 'lambda is a function of yours.', /schedules\.ts#name/],
    ['cosine:20,stops=3', 'cosine has no option "stops".', /^did you mean steps\? cosine takes steps, end=0$/],
    ['cosine', 'cosine needs steps.', /steps=…/],
    ['cosine:20,30', 'steps of cosine takes one number.', /^cosine takes steps, end=0/],
    ['cosine:20,steps=30', 'steps of cosine takes its values once.', /^cosine takes/],
    ['cosine:x', 'steps of cosine takes a number.', /cosine takes/],
    ['polynomial:20,cycle=yes', 'cycle of polynomial takes true or false.', /polynomial takes/],
    ['cyclic:0,mode=square', 'mode of cyclic takes one of triangular, triangular2, expRange.', /cyclic takes/],
    ['step(cosine:20):5', 'step takes no schedule in parentheses.', /^only warmup does/],
    ['exponential:.9->cosine:20', 'Part 1 of the sequence does not say how long it lasts.', /@/],
  ])('%s: %s', async (text, message, remedy) => {
    await expect(build(text)).rejects.toMatchObject({
      code: 'option.invalid',
      message,
      remedy: expect.stringMatching(remedy),
    })
  })
})

test('reduceOnPlateau without a metric is refused, with how to give one', async () => {
  await expect(buildSchedule(parseSpec('0.5*reduceOnPlateau'))).rejects.toMatchObject({
    code: 'option.invalid',
    message: 'reduceOnPlateau follows a metric, and none is given.',
    value: 'reduceOnPlateau',
    remedy: expect.stringMatching(/^write --metric 1,/),
  })
})

test('numbers may be fractions', () => {
  expect(['1/3', '2', '1e-3', '.5'].map(parseNumber)).toEqual([1 / 3, 2, 1e-3, 0.5])
  expect(['', '/3', '1/', '1/2/3', 'x'].map(parseNumber)).toEqual(Array(5).fill(Number.NaN))
})

test('the nearest name is a third of the letters away at most', () => {
  const names = ['cosine', 'constant', 'step']
  expect(['cosin', 'COSINE', 'constnat', 'stp', 'sine', 'zzz', ''].map((word) => nearest(word, names))).toEqual([
    'cosine',
    'cosine',
    'constant',
    'step',
    undefined,
    undefined,
    undefined,
  ])
})
