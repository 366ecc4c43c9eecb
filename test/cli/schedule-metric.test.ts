import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { buildSchedule } from '../../src/cli/schedule/build.ts'
import { parseSpec } from '../../src/cli/schedule/grammar.ts'
import { followMetric, readMetric } from '../../src/cli/schedule/metric.ts'
import { sgd } from '../../src/train/optimizers/sgd.ts'
import { reduceOnPlateau } from '../../src/train/schedules/reduce-on-plateau.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { run } from '../train/loop/run-training.ts'
import torch from '../train/schedules/torch.json' with { type: 'json' }

function fileOf(text: string): string {
  const file = join(temporaryFolder(), 'losses')
  writeFileSync(file, text)
  return file
}

const { metrics, ...plateaus } = torch.plateaus

test.each<[keyof typeof plateaus, string]>([
  ['maximizeAbsolute', '0.5,patience=2,goal=maximize,threshold=0.05,thresholdMode=absolute,cooldown=3,minFactor=0.02'],
  ['maximizeRelative', '0.7,patience=1,goal=maximize,threshold=0.1,cooldown=1'],
  ['minimizeAbsolute', '0.3,patience=3,threshold=0.2,thresholdMode=absolute'],
])('what is drawn follows PyTorch: %s', async (name, options) => {
  const metric = readMetric(metrics.join(','))
  const { schedule, shows } = await buildSchedule(parseSpec(`reduceOnPlateau:${options}`), () => metric)
  expect(shows).toBe(metrics.length)
  expect(schedule(0)).toBe(1)
  for (const [i, factor] of plateaus[name].entries())
    expect(schedule(i + 1) / factor, `step ${i + 1}`).toBeCloseTo(1, 12)
  expect(schedule(10 * shows)).toBe(schedule(shows))
})

test('a training by the schedule is the training whose metric it follows', async () => {
  const plateau = reduceOnPlateau({ patience: 0, threshold: 0.1, factor: 0.7 })
  const config = { steps: 12, evaluateEvery: 2, optimizer: sgd({ learningRate: 0.1 }) }
  const { result, reports } = await run({ ...config, reduceOnPlateau: plateau })
  const metric = result.curve.map(({ step, validationLoss }) => ({ step, value: Number(validationLoss) }))
  const schedule = followMetric(plateau, metric)
  expect(new Set(metric.map(({ step }) => schedule(step))).size).toBeGreaterThan(2)
  expect((await run({ ...config, schedule })).reports).toEqual(reports)
})

test('values are read alike from the command line and from files, with and without steps', () => {
  // JSON and text have no -0.
  const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0)
  const point = fc.record({ step: fc.nat(1000), value: fc.oneof(value, fc.constant(Number.NaN)) })
  fc.assert(
    fc.property(fc.uniqueArray(point, { minLength: 1, maxLength: 8, selector: ({ step }) => step }), (points) => {
      const stepped = points.toSorted((a, b) => a.step - b.step)
      const values = stepped.map(({ value }) => value)
      const plain = values.map((value, i) => ({ step: i + 1, value }))
      expect(readMetric(values.join(','))).toEqual(plain)
      expect(readMetric(fileOf(['loss', ...values].join('\n')))).toEqual(plain)
      const csv = stepped.map(({ step, value }) => `${step}, ${value}`)
      const json = stepped.map(({ step, value }) => JSON.stringify({ loss: value, step }))
      for (const lines of [csv, ['step,loss', ...csv], json])
        expect(readMetric(fileOf(`${lines.join('\r\n')}\n`))).toEqual(stepped)
    }),
    { numRuns: 30 },
  )
})

test('values that are not finite are known by several words', () => {
  expect(readMetric('nan,-inf,Infinity,null,1/4').map(({ value }) => value)).toEqual([
    ...Array(4).fill(Number.NaN),
    0.25,
  ])
})

test.each([
  ['1\n.8\n\nhigh\n', 4, 'high', 'A line is neither a value nor a step and a value.'],
  ['step,a,b\n1,2,3', 2, '1,2,3', 'A line is neither a value nor a step and a value.'],
  ['{"step":1', 1, '{"step":1', 'A line is neither a value nor a step and a value.'],
  ['{"a":1,"b":2}', 1, '{"a":1,"b":2}', 'A line is neither a value nor a step and a value.'],
  ['step,loss\n10,', 2, '10,', 'A line is neither a value nor a step and a value.'],
  ['10,.8\n.7', 2, '.7', 'All values have a step, or none has.'],
  ['10,.8\n10,.7', 2, '10,.7', 'Steps are whole numbers from 0, each above the one before.'],
  ['1.5,.8', 1, '1.5,.8', 'Steps are whole numbers from 0, each above the one before.'],
  ['-1,.8', 1, '-1,.8', 'Steps are whole numbers from 0, each above the one before.'],
])('a file that holds %j is refused at line %i', (text, line, value, message) => {
  const file = fileOf(text)
  const refusal = {
    code: 'option.invalid',
    message,
    path: `${file}:${line}`,
    value,
    remedy: expect.stringMatching(/^write/),
  }
  expect(thrownBy(() => readMetric(file))).toMatchObject(refusal)
})

test.each([
  ['', 'The file has no values.'],
  ['step,loss\n', 'The file has no values.'],
])('a file that holds %j is refused', (text, message) => {
  const file = fileOf(text)
  expect(thrownBy(() => readMetric(file))).toMatchObject({ message, path: '--metric', value: file })
})

test.each(['', '1,x', 'none.csv', '.'])('--metric "%s" is neither values nor a file', (text) => {
  expect(thrownBy(() => readMetric(text))).toMatchObject({
    code: 'option.invalid',
    message: '--metric takes numbers, or a file that can be read.',
    path: '--metric',
    value: text,
  })
})
