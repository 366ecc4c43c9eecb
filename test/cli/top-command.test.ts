import { expect, test } from 'vitest'
import { snapshotText } from '../../src/cli/top-command.ts'

test('workers and queues are tables under their totals', () => {
  const worker = {
    version: '0.1.0',
    engine: 'auto',
    classes: ['default'],
    spare: 1,
    labels: {},
    gpuMemory: 0,
    refuses: [],
  }
  const text = snapshotText({
    studies: [
      {
        ...{ study: '0'.repeat(16), name: 'digits', version: '0.1.0', class: 'default' },
        ...{ priority: 0, weight: 2, demand: null, jobs: 10, slots: 7, needs: {} },
      },
    ],
    workers: [
      { ...worker, name: 'gpu-1', slots: 8, busy: 7, labels: { rack: '7', zone: 'b' } },
      { ...worker, name: 'old', slots: 2, busy: 0, version: '0.0.9' },
    ],
    queues: [
      { class: 'default', waiting: 3, running: 7, slots: 8 },
      { class: 'gpu-80g', waiting: 1, running: 0, slots: 0 },
    ],
  })
  expect(text).toBe(`2 workers, 7 of 10 slots busy, 4 trials waiting

study   class    priority  weight  jobs  slots
digits  default         0       2    10      7

worker  class    version  engine  busy  slots  labels
gpu-1   default    0.1.0  auto       7      8  rack=7 zone=b
old     default    0.0.9  auto       0      2

class    waiting  running  slots
default        3        7      8
gpu-80g        1        0      0`)
})

test('without anything there are the totals', () => {
  expect(snapshotText({ studies: [], workers: [], queues: [] })).toBe('0 workers, 0 of 0 slots busy, 0 trials waiting')
})
