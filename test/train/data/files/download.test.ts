import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { downloadAdult } from '../../../../src/train/data/files/adult.ts'
import { downloadFiles } from '../../../../src/train/data/files/download.ts'
import { downloadMnist } from '../../../../src/train/data/files/mnist.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'

const CONTENT = Buffer.from('a published file\n'.repeat(10_000))
const FILE = { name: 'data.gz', md5: createHash('md5').update(CONTENT).digest('hex') }

/** A mirror on this machine: what it has, and what it was asked for. `null` breaks off in the middle. */
async function mirror(files: { readonly [path: string]: Buffer | null }) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const content = files[request.url ?? '']
    asked.push(request.url ?? '')
    if (content === undefined) return response.writeHead(404).end()
    if (content) return response.end(content)
    response.writeHead(200, { 'content-length': CONTENT.length }).write(CONTENT.subarray(0, 1000), () => {
      response.destroy()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, asked }
}

test('a file with the right digest is written, and not fetched again', async () => {
  const { url, asked } = await mirror({ '/mnist/data.gz': CONTENT })
  const folder = join(temporaryFolder(), 'made', 'on the way')
  const download = () => downloadFiles(folder, [FILE], { mirrors: [`${url}/mnist`] })
  await download()
  expect(readFileSync(join(folder, 'data.gz')).equals(CONTENT)).toBe(true)
  await download()
  expect(asked).toEqual(['/mnist/data.gz'])
  expect(readdirSync(folder)).toEqual(['data.gz'])
})

test('a wrong digest is an error, and leaves nothing; what was there before stays', async () => {
  const { url } = await mirror({ '/data.gz': Buffer.from('something else') })
  const folder = temporaryFolder()
  const download = () => downloadFiles(folder, [FILE], { mirrors: [url] })
  await expect(download()).rejects.toMatchObject({
    code: 'data.invalid',
    path: `${url}/data.gz`,
    value: expect.stringContaining(FILE.md5),
  })
  expect(readdirSync(folder)).toEqual([])
  writeFileSync(join(folder, 'data.gz'), 'an old one')
  await expect(download()).rejects.toMatchObject({ code: 'data.invalid' })
  expect(readFileSync(join(folder, 'data.gz'), 'utf8')).toBe('an old one')
})

test('a mirror that lacks the file or breaks off is left for the next, and the last failure is the cause', async () => {
  const [broken, whole] = [await mirror({ '/data.gz': null }), await mirror({ '/data.gz': CONTENT })]
  const empty = await mirror({})
  const folder = temporaryFolder()
  await expect(downloadFiles(folder, [FILE], { mirrors: [broken.url, empty.url] })).rejects.toMatchObject({
    code: 'data.missing',
    path: `${broken.url}, ${empty.url}`,
    cause: expect.objectContaining({ message: expect.stringContaining('404') }),
  })
  expect(readdirSync(folder)).toEqual([])
  await downloadFiles(folder, [FILE], { mirrors: [broken.url, empty.url, whole.url] })
  expect(readdirSync(folder)).toEqual(['data.gz'])
})

test('that is called off asks no other mirror', async () => {
  const { url, asked } = await mirror({ '/data.gz': CONTENT })
  const options = { mirrors: [url, url], signal: AbortSignal.abort(new Error('enough')) }
  await expect(downloadFiles(temporaryFolder(), [FILE], options)).rejects.toMatchObject({ code: 'data.missing' })
  expect(asked).toEqual([])
})

test('MNIST and Adult take no file but the published ones', async () => {
  const { url, asked } = await mirror({ '/train-images-idx3-ubyte.gz': CONTENT, '/adult.data': CONTENT })
  for (const download of [downloadMnist, downloadAdult]) {
    const folder = temporaryFolder()
    await expect(download(folder, { mirrors: [url] })).rejects.toMatchObject({ code: 'data.invalid' })
    expect(readdirSync(folder)).toEqual([])
  }
  expect(asked).toEqual(['/train-images-idx3-ubyte.gz', '/adult.data'])
})
