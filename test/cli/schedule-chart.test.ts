import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ChartOptions, drawChart } from '../../src/cli/schedule/chart.ts'
import { columnsOf, rangeOf, type Series } from '../../src/cli/schedule/series.ts'
import { niceTicks } from '../../src/cli/schedule/ticks.ts'
import { thrownBy } from '../helpers/errors.ts'

const series = (label: string, ...values: number[]): Series => ({ label, values: Float64Array.from(values) })
const PLAIN: ChartOptions = { width: 40, log: false, colour: false }

describe('a chart', () => {
  test('of one schedule has dots, numbers and the ends', () => {
    expect(drawChart([series('ramp', 0, 1, 2, 3)], PLAIN)).toBe(`ramp  0 to 3

3 ┤                           ⢸⠉⠉⠉⠉⠉⠉⠉⠉⠉
  │                           ⢸
  │                           ⢸
  │                           ⢸
2 ┤                  ⢠⠤⠤⠤⠤⠤⠤⠤⠤⠼
  │                  ⢸
  │                  ⢸
  │                  ⢸
  │                  ⢸
1 ┤         ⡖⠒⠒⠒⠒⠒⠒⠒⠒⠚
  │         ⡇
  │         ⡇
  │         ⡇
0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⡇
  └┬────────┬────────┬────────┬─────────
   0        1        2        3`)
  })

  test('of several tells them apart by letters, or by colours where there are some', () => {
    const two = [series('up', 0, 1), series('down', 1, 0)]
    const letters = drawChart(two, PLAIN)
    expect(letters).toMatch(/^a up {2}0 to 1\nb down {2}1 to 0\n/)
    expect(letters).not.toMatch(/[\u2801-\u28ff]/)
    expect(letters.match(/^ +1 ┤b+a+$/m)).not.toBeNull()
    const coloured = drawChart(two, { ...PLAIN, colour: true })
    expect(coloured).toContain('\u001b[36m━━ \u001b[39mup')
    expect(coloured).toContain('\u001b[33m━━ \u001b[39mdown')
    expect(stripVTControlCharacters(coloured)).toMatch(/[\u2801-\u28ff]/)
  })

  test('with logarithmic values has powers of ten, and no 0', () => {
    const text = drawChart([series('decades', 1, 0.1, 0.01, 0)], { ...PLAIN, log: true })
    for (const label of ['1', '0.1', '0.01']) expect(text).toMatch(new RegExp(`^ *${label} ┤`, 'm'))
    const bottom = text.split('\n').find((line) => /^0\.01 ┤/.test(line)) ?? ''
    expect(bottom).toMatch(/┤ +[\u2801-\u28ff]+$/)
    expect(bottom.length).toBeLessThan(36)
  })

  test('shows a peak that lasts a single step of a million', () => {
    const values = new Float64Array(1_000_001)
    values[777_777] = 5
    const text = drawChart([{ label: 'peak', values }], PLAIN)
    expect(text.split('\n')[2]).toMatch(/^5 ┤ +[\u2801-\u28ff]$/)
  })

  test('fits into its width, whatever is drawn', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    const one = fc.tuple(fc.string({ maxLength: 200 }), fc.array(value, { minLength: 3, maxLength: 3 }))
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 40, max: 200 }),
        fc.boolean(),
        (all, width, colour) => {
          const text = drawChart(
            all.map(([label, values]) => series(label, ...values)),
            { width, log: false, colour },
          )
          for (const line of stripVTControlCharacters(text).split('\n').slice(all.length))
            expect(line.length).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})

test('columns hold every step, and with few steps repeat them', () => {
  const values = Float64Array.from([3, 1, 2, 5, 4])
  expect(columnsOf(values, 2)).toEqual([
    { from: 0, to: 2, lowest: 1, highest: 0 },
    { from: 2, to: 4, lowest: 2, highest: 3 },
  ])
  expect(columnsOf(values, 10).map(({ from, to }) => [from, to])).toEqual(
    [0, 0, 1, 1, 2, 2, 3, 3, 4, 4].map((step) => [step, step]),
  )
})

test('axes hold 0, unless logarithmic; nothing above 0 has no logarithmic one', () => {
  expect(rangeOf([series('', 2, 3)], false)).toEqual({ low: 0, high: 3 })
  expect(rangeOf([series('', -2, -3)], false)).toEqual({ low: -3, high: 0 })
  expect(rangeOf([series('', 0, 0)], false)).toEqual({ low: 0, high: 1 })
  expect(rangeOf([series('', 0, 2, 8)], true)).toEqual({ low: 2, high: 8 })
  expect(rangeOf([series('', 2, 2)], true)).toEqual({ low: 0.2, high: 20 })
  expect(thrownBy(() => rangeOf([series('', 0, -1)], true))).toMatchObject({ code: 'option.invalid', path: '--log' })
})

test('ticks are even, round and inside', () => {
  expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, expect.closeTo(0.6, 12), 0.8, 1])
  expect(niceTicks(0, 1000, 6)).toEqual([0, 200, 400, 600, 800, 1000])
  expect(niceTicks(-3, 4, 4)).toEqual([-2, 0, 2, 4])
  const range = fc.tuple(
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
  )
  fc.assert(
    fc.property(range, fc.integer({ min: 3, max: 12 }), ([low, width], count) => {
      const ticks = niceTicks(low, low + width, count)
      expect(ticks.length).toBeGreaterThan(0)
      expect(ticks.length).toBeLessThanOrEqual(count + 1)
      for (const tick of ticks) {
        expect(tick).toBeGreaterThanOrEqual(low - 1e-6 * width)
        expect(tick).toBeLessThanOrEqual(low + width * (1 + 1e-6))
      }
    }),
  )
})
