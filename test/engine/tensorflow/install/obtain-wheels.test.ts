import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { obtainWheels, requirePip, type WheelOptions } from '../../../../src/engine/tensorflow/install/obtain-wheels.ts'
import { findTarget } from '../../../../src/engine/tensorflow/install/target.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'
import { makeWheel } from './make-wheel.ts'

const CUDA = ['nvidia-nccl-cu12<3.0,>=2.27; extra == "and-cuda"', 'nvidia-cudnn-cu12>=9.3; extra == "and-cuda"']
const GPU = { name: 'tensorflow', metadata: [...CUDA, 'numpy>=1.26'].map((text) => `Requires-Dist: ${text}`) }

/** A Python whose pip "downloads" what lies in a folder, and writes down how it was called. */
function setting(pip = '') {
  const root = temporaryFolder()
  const [index, folder, calls] = [join(root, 'index'), join(root, 'downloads'), join(root, 'calls')]
  for (const path of [index, folder]) mkdirSync(path)
  const python = join(root, 'python3')
  const download = `for word in "$@"; do cp ${index}/"\${word%%[<>=]*}"*.whl ${folder} 2>/dev/null; done`
  writeFileSync(python, `#!/bin/sh\necho "$@" >> ${calls}\n${pip}\n${download}\nexit 0\n`, { mode: 0o755 })
  const lines: string[] = []
  const options: WheelOptions = {
    files: [],
    variant: undefined,
    fallback: 'cpu',
    target: findTarget('linux-x64'),
    folder,
    python,
    signal: undefined,
    say: (line) => lines.push(line),
  }
  return { root, index, options, lines, calls }
}

test('without a wheel, the one for the machine is downloaded with pip', async () => {
  const { index, options } = setting()
  makeWheel(index, { name: 'tensorflow-cpu' })
  const { variant, tensorflow, cuda } = await obtainWheels(options)
  expect([variant, tensorflow.version, cuda]).toEqual(['cpu', '2.21.0', []])
})

test('for a GPU, the libraries of CUDA come with it, as its metadata asks for them', async () => {
  const { index, options, lines } = setting()
  makeWheel(index, GPU)
  for (const name of ['nvidia-nccl-cu12', 'nvidia-cudnn-cu12']) makeWheel(index, { name, version: '9' })
  const { variant, cuda } = await obtainWheels({ ...options, fallback: 'gpu' })
  expect([variant, cuda.map(({ name }) => name)]).toEqual(['gpu', ['nvidia-cudnn-cu12', 'nvidia-nccl-cu12']])
  expect(lines).toContain('downloading nvidia-nccl-cu12<3.0,>=2.27, nvidia-cudnn-cu12>=9.3 from PyPI')
})

test('wheels that are given are not downloaded, and others among them do no harm', async () => {
  const { root, options, lines } = setting('exit 1')
  const files = [GPU, { name: 'nvidia_nccl_cu12' }, { name: 'nvidia_cudnn_cu12' }, { name: 'numpy' }]
  const { variant, tensorflow, cuda } = await obtainWheels({
    ...options,
    files: files.map((parts) => makeWheel(root, parts)),
  })
  expect([variant, tensorflow.name, cuda.length, lines]).toEqual(['gpu', 'tensorflow', 2, []])
})

test('a Python that TensorFlow has no wheel for asks for that of another, since the library is the same', async () => {
  const { index, options } = setting(
    'case "$*" in *--python-version*) ;; *) echo "ERROR: No matching distribution found for x" >&2; exit 1;; esac',
  )
  makeWheel(index, { name: 'tensorflow-cpu' })
  expect(basename((await obtainWheels(options)).tensorflow.path)).toContain('tensorflow-cpu')
})

test("what pip says is the error's cause, and how to do without it the remedy", async () => {
  const { options } = setting('echo "ERROR: no route to host" >&2; exit 3')
  await expect(obtainWheels(options)).rejects.toMatchObject({
    code: 'engine.install',
    remedy: expect.stringContaining('--wheel'),
    cause: expect.objectContaining({ message: 'ERROR: no route to host' }),
  })
})

test('a Python without pip is an error before anything is downloaded', async () => {
  const { options } = setting('echo "No module named pip" >&2; exit 1')
  await expect(requirePip(options)).rejects.toMatchObject({
    code: 'engine.install',
    remedy: expect.stringContaining('python3-pip'),
  })
})

test('flags that do not go with the wheel or the platform, and wheels without TensorFlow, are refused', async () => {
  const { root, options } = setting('exit 1')
  const cpu = makeWheel(root)
  await expect(obtainWheels({ ...options, files: [cpu], variant: 'gpu' })).rejects.toMatchObject({ path: '--gpu' })
  const numpy = makeWheel(root, { name: 'numpy' })
  await expect(obtainWheels({ ...options, files: [numpy] })).rejects.toMatchObject({
    path: '--wheel',
    value: ['numpy'],
  })
  const target = findTarget('darwin-arm64')
  await expect(obtainWheels({ ...options, target, variant: 'gpu' })).rejects.toMatchObject({
    path: '--gpu',
    remedy: expect.stringContaining('webgpu'),
  })
})
