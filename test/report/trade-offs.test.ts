import { expect, test } from 'vitest'
import { createRandom } from '../../src/numerics/random.ts'
import { fakeArchive } from './fake-archive.ts'
import { parseCsv } from './parse-csv.ts'
import { chapter, written } from './written.ts'

const objectives = [
  { metric: 'validationError', goal: 'minimize', reference: 4 },
  { metric: 'speed', goal: 'maximize', reference: 0 },
] as const

/** Speeds of five trials with errors 1, 2, 3, 2, 1: trials 1 and 4 are beaten. */
const SPEEDS = [1, 1, 4, 3, 0.5]
const ERRORS = [1, 2, 3, 2, 1]
const five = (definition: object) =>
  fakeArchive({
    definition,
    trials: 5,
    outcome: (number) => {
      const [value = 0, speed = 0] = [ERRORS[number], SPEEDS[number]]
      return { value, metrics: { validationError: value, speed } }
    },
  })

test('a study with several objectives shows the trials that no other beats, and what they are worth together', async () => {
  const { text, files } = await written(five({ objectives }))
  const tradeOffs = chapter(text, 'Trade offs')
  expect(tradeOffs).toContain('3 trials of 5 are beaten by no other')
  // 3 x 1, 2 x 2 and 1 x 1 more: the steps of the front up to an error of 4.
  expect(tradeOffs).toContain('hypervolume up to the references is 8.')
  expect([...tradeOffs.matchAll(/^\| +(\d) \|/gm)].map(([, trial]) => trial)).toEqual(['0', '3', '2'])
  const rows = parseCsv(files.get('data/trade-offs.csv') ?? '')
  expect(rows[0]).toEqual(['trial', 'validationError', 'speed', 'on_front'])
  expect(rows.slice(1).filter((row) => row[3] === 'true')).toHaveLength(3)
  expect(files.get('figures/trade-offs.light.svg')).toContain('speed (maximize)')
})

test('a study with one objective has no such chapter', async () => {
  const { text } = await written(five({}))
  expect(text).not.toContain('Trade offs')
})

test('three objectives are drawn two by two', async () => {
  const three = [...objectives, { metric: 'bytes', goal: 'minimize' } as const]
  const random = createRandom(1, 0, 'bytes')
  const archive = fakeArchive({
    definition: { objectives: three },
    outcome: (number) => ({
      value: number,
      metrics: { validationError: number, speed: random.next(), bytes: random.next() },
    }),
  })
  const { text, files } = await written(archive)
  expect([...files.keys()].filter((name) => name.endsWith('light.svg') && name.includes('trade'))).toHaveLength(2)
  expect(chapter(text, 'Trade offs')).not.toContain('hypervolume')
})
