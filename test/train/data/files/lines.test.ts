import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { readLines } from '../../../../src/train/data/files/lines.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

test('lines are read from a file, packed or not, the empty ones left out', () => {
  const file = join(temporaryFolder(), 'text')
  const text = '\ufeffBank opens\r\n\n  \nStörche kehren zurück'
  for (const content of [text, gzipSync(text)]) {
    writeFileSync(file, content)
    expect(readLines(file)).toEqual(['Bank opens', 'Störche kehren zurück'])
  }
  expect(thrownBy(() => readLines(`${file}.absent`))).toMatchObject({ code: 'data.missing', path: `${file}.absent` })
})
