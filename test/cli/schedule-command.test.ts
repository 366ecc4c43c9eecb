import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listSchedules, type PlotOptions, parseRate, plotSchedules } from '../../src/cli/schedule-command.ts'
import { thrownBy } from '../helpers/errors.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { xmlFault } from '../report/check-xml.ts'

const OPTIONS: PlotOptions = {
  steps: undefined,
  rate: 1,
  metric: undefined,
  svg: undefined,
  width: 60,
  log: false,
  colour: false,
  json: false,
}

test('JSON has the values of all steps, times the rate; the longest schedule says how many', async () => {
  const text = await plotSchedules(['linear:2', 'step:1,factor=0.5', 'linear:2'], { ...OPTIONS, json: true, rate: 3 })
  const { steps, rate, schedules } = JSON.parse(text)
  expect({ steps, rate }).toEqual({ steps: 4, rate: 3 })
  expect(schedules).toEqual([
    { spec: 'linear:2', values: [1, 2, 3, 3, 3] },
    { spec: 'step:1,factor=0.5', values: [3, 1.5, 0.75, 0.375, 0.1875] },
  ])
  const shorter = JSON.parse(await plotSchedules(['cosine:5'], { ...OPTIONS, json: true, steps: 2 }))
  expect(shorter.schedules[0].values).toHaveLength(3)
  const endless = JSON.parse(await plotSchedules(['0.5'], { ...OPTIONS, json: true }))
  expect(endless.steps).toBe(100)
})

test('a file is drawn with all functions that it exports', async () => {
  const file = join(temporaryFolder(), 'mine.mjs')
  writeFileSync(file, 'export const a = () => 1\nexport const b = (step) => step\nexport const note = "not a schedule"')
  const { schedules } = JSON.parse(await plotSchedules([file], { ...OPTIONS, json: true, steps: 1 }))
  expect(schedules).toEqual([
    { spec: `${file}#a`, values: [1, 1] },
    { spec: `${file}#b`, values: [0, 1] },
  ])
})

test('reduceOnPlateau is drawn along the metric; others beside it go on as they do', async () => {
  const specs = ['reduceOnPlateau:0.5,patience=1', 'linear:2', 'linear:2*reduceOnPlateau:0.5,patience=1']
  const text = await plotSchedules(specs, { ...OPTIONS, json: true, rate: 3, metric: '1,.8,.8,nan' })
  const { steps, schedules } = JSON.parse(text)
  expect(steps).toBe(4)
  expect(schedules).toEqual([
    { spec: specs[0], values: [3, 3, 3, 3, 1.5] },
    { spec: specs[1], values: [1, 2, 3, 3, 3] },
    { spec: specs[2], values: [1, 2, 3, 3, 1.5] },
  ])
})

test('a metric that is no good is refused, whatever is drawn', async () => {
  await expect(plotSchedules(['linear:2'], { ...OPTIONS, metric: '1,x' })).rejects.toMatchObject({
    code: 'option.invalid',
    path: '--metric',
    value: '1,x',
  })
})

test('the chart comes with a legend; the figure is drawn beside it', async () => {
  const svg = join(temporaryFolder(), 'figure.svg')
  const text = await plotSchedules(['cosine:1000', 'exponential:0.99'], { ...OPTIONS, svg, log: true })
  expect(text).toMatch(/^a cosine:1000 {2}1 to 0\nb exponential:0\.99 {2}1 to /)
  expect(text.endsWith(`\n\nfigure: ${svg}`)).toBe(true)
  const figure = readFileSync(svg, 'utf8')
  expect(xmlFault(figure)).toBeUndefined()
  for (const label of ['>cosine:1000<', '>exponential:0.99<', '>step<']) expect(figure).toContain(label)
  expect(figure.match(/stroke="#(0072b2|d55e00)"/g)?.length).toBeGreaterThanOrEqual(2)
})

test('a figure that cannot be written is named', async () => {
  const svg = join(temporaryFolder(), 'none', 'figure.svg')
  await expect(plotSchedules(['cosine:10'], { ...OPTIONS, svg })).rejects.toMatchObject({
    code: 'report.unwritable',
    path: svg,
  })
})

test.each([
  ['cosine:0', { message: 'cosineDecay.steps must be a whole number from 1.', path: 'cosine:0', value: 0 }],
  ['exponential:1e9', { message: expect.stringContaining('has no finite value at step'), path: 'exponential:1e9' }],
])('what a schedule refuses is bad use: %s', async (spec, error) => {
  await expect(plotSchedules([spec], OPTIONS)).rejects.toMatchObject({ code: 'option.invalid', ...error })
})

test('a function that throws is named, with what it threw', async () => {
  const file = join(temporaryFolder(), 'throws.mjs')
  writeFileSync(file, 'export default () => { throw new Error("no") }\nexport const empty = 1')
  await expect(plotSchedules([`${file}#default`], OPTIONS)).rejects.toMatchObject({
    code: 'option.invalid',
    cause: { message: 'no' },
  })
})

test('too many steps are refused before they are held', async () => {
  await expect(plotSchedules(['cosine:20000000'], OPTIONS)).rejects.toMatchObject({
    code: 'option.invalid',
    path: '--steps',
    remedy: 'draw at most 10,000,000',
  })
})

test('--rate is a number other than 0', () => {
  expect([parseRate('0.1'), parseRate('1/4'), parseRate('-2')]).toEqual([0.1, 0.25, -2])
  for (const text of ['', 'x', '0', '1/0'])
    expect(thrownBy(() => parseRate(text))).toMatchObject({ code: 'option.invalid', path: '--rate', value: text })
})

test('the list has every schedule with its options, as they are written', () => {
  const text = listSchedules(false)
  expect(text).toContain('\ncosine:steps,end=0\n  half a cosine from 1 to end, then end (cosineDecay)\n')
  expect(text).toContain('\nwarmup[(…)]:steps=5,')
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(82)
  const entries = JSON.parse(listSchedules(true))
  expect(entries).toHaveLength(16)
  expect(entries).toContainEqual({
    name: 'cosine',
    function: 'cosineDecay',
    about: 'half a cosine from 1 to end, then end',
    options: [
      { name: 'steps', default: null },
      { name: 'end', default: '0' },
    ],
  })
})
