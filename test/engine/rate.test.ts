import fc from 'fast-check'
import { expect, test } from 'vitest'
import { measureRate } from '../../src/engine/rate.ts'

/** A device that takes `each` seconds for a piece of work and `reading` to be waited for, and runs while nobody waits. */
function device(each: number, reading: number, warmUp = 0) {
  let now = 0
  let waiting = 0
  let longest = 0
  let first = warmUp
  return {
    work() {
      waiting++
    },
    async wait() {
      longest = Math.max(longest, waiting)
      now += waiting * each + reading + first
      first = 0
      waiting = 0
    },
    now: () => now,
    longest: () => longest,
  }
}

test('the rate is that of the device, whatever the first time and the waiting cost', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.double({ min: 1e-5, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 5, noNaN: true }),
      async (each, warmUp) => {
        const { work, wait, now, longest } = device(each, Math.min(each, 1e-3), warmUp)
        const rate = await measureRate(work, wait, now)
        expect(rate * each).toBeGreaterThan(each > 0.05 ? 0.9 * (each / (each + 1e-3)) : 0.9)
        expect(rate * each).toBeLessThanOrEqual(1 + 1e-9)
        // About a tenth of a second's work at most is asked for at once.
        expect(longest()).toBeLessThanOrEqual(Math.max(1, 0.11 / each))
      },
    ),
  )
})

test('it goes on for a second, and for one piece of work at least', async () => {
  const quick = device(0.001, 0)
  await measureRate(quick.work, quick.wait, quick.now)
  expect(quick.now()).toBeGreaterThanOrEqual(1)
  expect(quick.now()).toBeLessThan(1.2)
  const slow = device(30, 0)
  expect(await measureRate(slow.work, slow.wait, slow.now)).toBeCloseTo(1 / 30)
  expect(slow.now()).toBe(60)
})
