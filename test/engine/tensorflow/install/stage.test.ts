import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStage } from '../../../../src/engine/tensorflow/install/stage.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

/** No process has this number: it is beyond what any system gives. */
const DEAD = 2 ** 30

function folders() {
  const parent = join(temporaryFolder(), '.dynotune/engines')
  const final = join(parent, 'tensorflow')
  const version = (folder = final) => readFileSync(join(folder, 'version'), 'utf8')
  const put = (folder: string, text: string) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'version'), text)
  }
  return { parent, final, version, put }
}

test('what is staged takes the place of what was there, and leaves nothing beside it', () => {
  const { parent, final, version, put } = folders()
  put(final, 'old')
  const stage = openStage(final)
  put(stage.folder, 'new')
  expect(version()).toBe('old')
  stage.commit()
  expect(version()).toBe('new')
  expect(readdirSync(parent)).toEqual(['tensorflow'])
})

test('what is discarded leaves what was there', () => {
  const { parent, final, version, put } = folders()
  put(final, 'old')
  const stage = openStage(final)
  put(stage.folder, 'new')
  stage.discard()
  expect(version()).toBe('old')
  expect(readdirSync(parent)).toEqual(['tensorflow'])
})

test('what was there comes back when the new one cannot take its place', () => {
  const { final, version, put } = folders()
  put(final, 'old')
  const stage = openStage(final)
  stage.discard()
  expect(() => stage.commit()).toThrow()
  expect(version()).toBe('old')
})

test('what killed installations left is tidied up; what a running one has is not', () => {
  const { parent, final, put } = folders()
  put(`${final}.new-${DEAD}`, 'half')
  put(`${final}.new-${process.ppid}`, 'being built')
  put(join(parent, 'tensorflow.new-notes'), 'of the user')
  openStage(final).discard()
  expect(readdirSync(parent).sort()).toEqual([`tensorflow.new-${process.ppid}`, 'tensorflow.new-notes'])
})

test('an installation that was killed half-way through the swap gets back what was there', () => {
  const { final, version, put } = folders()
  put(`${final}.old-${DEAD}`, 'old')
  openStage(final).discard()
  expect(version()).toBe('old')
  put(`${final}.old-${DEAD}`, 'older')
  openStage(final).discard()
  expect([version(), existsSync(`${final}.old-${DEAD}`)]).toEqual(['old', false])
})

test("a project's repository does not see it", () => {
  const { final } = folders()
  expect(readFileSync(join(openStage(final).folder, '.gitignore'), 'utf8')).toBe('*\n')
})
