import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readWheel, sha256, unpackWheel } from '../../../../src/engine/tensorflow/install/wheel.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'
import { makeWheel, zip } from './make-wheel.ts'

const all = () => true

test('a wheel says its name as PyPI writes it, its version, tags and requirements, from the head of its metadata', async () => {
  const metadata = ['Requires-Dist: numpy>=1.26', 'Requires-Dist: nvidia-nccl-cu12<3.0; extra == "and-cuda"']
  expect(await readWheel(makeWheel(temporaryFolder(), { name: 'Tensorflow_CPU', metadata }))).toMatchObject({
    name: 'tensorflow-cpu',
    version: '2.21.0',
    tags: ['cp311-cp311-manylinux_2_27_x86_64'],
    requirements: ['numpy>=1.26', 'nvidia-nccl-cu12<3.0; extra == "and-cuda"'],
  })
})

test('only what is wanted is unpacked, as it was packed', async () => {
  const folder = temporaryFolder()
  const wheel = await readWheel(makeWheel(folder, { files: { 'a/lib.so': 'machine code', 'a/b.py': 'print()' } }))
  await unpackWheel(wheel, join(folder, 'out'), (path) => path.endsWith('.so'))
  expect(readFileSync(join(folder, 'out/a/lib.so'), 'utf8')).toBe('machine code')
  expect(existsSync(join(folder, 'out/a/b.py'))).toBe(false)
})

test.each([
  ['another', createHash('sha256').update('other').digest('base64url')],
  ['no', null],
])('a file for which the wheel has %s digest is refused by name', async (_, digest) => {
  const folder = temporaryFolder()
  const parts = { files: { 'lib.so': 'machine code' }, digests: { 'lib.so': digest } }
  const wheel = await readWheel(makeWheel(folder, parts))
  await expect(unpackWheel(wheel, join(folder, 'out'), all)).rejects.toMatchObject({
    code: 'engine.install',
    message: expect.stringContaining('lib.so'),
    value: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    remedy: expect.stringContaining('download'),
  })
})

test('a file whose path would lead out of the folder is refused', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'x.whl')
  writeFileSync(path, zip({ '../outside': 'x' }))
  await expect(readWheel(path)).rejects.toMatchObject({ code: 'engine.install' })
})

test.each([
  ['half a wheel', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  ['something else', () => Buffer.from('<html>not found</html>')],
  ['another zip', () => zip({ 'readme.txt': 'hello' })],
])('%s is refused', async (_, change) => {
  const path = makeWheel(temporaryFolder(), { files: { 'lib.so': 'machine code' } })
  writeFileSync(path, change(readFileSync(path)))
  await expect(readWheel(path)).rejects.toMatchObject({
    code: 'engine.install',
    message: expect.stringMatching(/wheel/),
  })
})

test("a signal that has aborted stops unpacking with the signal's reason", async () => {
  const folder = temporaryFolder()
  const wheel = await readWheel(makeWheel(folder, { files: { 'lib.so': 'machine code' } }))
  const reason = new Error('interrupted')
  await expect(unpackWheel(wheel, folder, all, AbortSignal.abort(reason))).rejects.toBe(reason)
})

test('the digest of a file is that of its bytes', async () => {
  const path = join(temporaryFolder(), 'abc')
  writeFileSync(path, 'abc')
  // FIPS 180-2, appendix B.1.
  expect(await sha256(path)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
