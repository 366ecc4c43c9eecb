import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decode, encode, type FromTrainer, lineSplitter } from '../../src/runner/protocol.ts'

test('measurements survive the wire with every number there is, and text that looks like one stays text', () => {
  const metrics = fc.dictionary(fc.string(), fc.double())
  fc.assert(
    fc.property(fc.nat(), metrics, fc.string(), (step, values, message) => {
      const measured: FromTrainer = { type: 'measured', measurement: { step, time: 0.5, metrics: values } }
      expect(decode(encode(measured))).toEqual({
        ...measured,
        measurement: { step, time: 0.5, metrics: { ...values } },
      })
      const finished: FromTrainer = {
        type: 'finished',
        outcome: { type: 'failed', reason: { code: 'trial.threw', message: `${message}NaN\n` } },
      }
      expect(decode(encode(finished))).toEqual(finished)
    }),
  )
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 1.7976931348623157e308])(
  'the number %d arrives as it is',
  (loss) => {
    const message: FromTrainer = { type: 'finished', outcome: { type: 'complete', metrics: { loss } } }
    expect(decode(encode(message))).toEqual(message)
  },
)

test('lines are whole whatever the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string().map((text) => text.replaceAll('\n', ' '))),
      fc.array(fc.nat(7)),
      (lines, sizes) => {
        const taken: string[] = []
        const take = lineSplitter((line) => taken.push(line))
        let rest = lines.map((line) => `${line}\n`).join('')
        for (const size of sizes) {
          take(rest.slice(0, size))
          rest = rest.slice(size)
        }
        take(rest)
        expect(taken).toEqual(lines)
      },
    ),
  )
})
