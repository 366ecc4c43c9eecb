import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { loadDigits } from '../../../src/train/data/digits.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { temporaryFolder } from '../../helpers/folder.ts'

describe('the digits', () => {
  test('are 1797 rows of 64 pixels in [0, 1], with all ten labels about equally often', () => {
    const { rows, inputs, labels } = loadDigits()
    expect(rows).toBe(1797)
    expect(inputs.features?.shape).toEqual([64])
    expect(labels.shape).toEqual([])
    const features = [...(inputs.features?.values ?? [])]
    expect(features).toHaveLength(1797 * 64)
    expect(Math.min(...features)).toBe(0)
    expect(Math.max(...features)).toBe(1)
    const counts = Array.from({ length: 10 }, (_, label) => labels.values.filter((each) => each === label).length)
    // From the data set's own description.
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    expect(features.slice(0, 8).map((x) => x * 16)).toEqual([0, 0, 5, 13, 9, 1, 0, 0])
  })

  test('that are missing, damaged or something else are named', () => {
    const folder = temporaryFolder()
    const file = join(folder, 'data')
    const thrownFor = (content: string | Buffer) => {
      writeFileSync(file, content)
      return thrownBy(() => loadDigits(file))
    }
    expect(thrownBy(() => loadDigits(join(folder, 'absent')))).toMatchObject({
      code: 'data.missing',
      path: join(folder, 'absent'),
    })
    const line = `${'0,'.repeat(64)}9\n`
    expect(thrownFor(gzipSync(line).subarray(0, 20)).message).toContain('does not unpack')
    expect(thrownFor(gzipSync(line)).message).toContain('1 lines instead of 1797')
    expect(thrownFor('1,2\n')).toMatchObject({ code: 'data.invalid', path: `${file}:1` })
    expect(thrownFor(line.repeat(1796) + line.replace('9', '10'))).toMatchObject({ path: `${file}:1797:65`, value: 10 })
    expect(thrownFor(line.repeat(1796) + line.replace('0', '17'))).toMatchObject({ path: `${file}:1797:1`, value: 17 })
  })
})
