import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findEngine } from '../../helpers/engines.ts'

const PROGRAM = fileURLToPath(new URL('../../fixtures/webgpu-process.ts', import.meta.url))

const engine = await findEngine('webgpu')

describe.skipIf(!engine)('a process that computes on webgpu', () => {
  test.each([
    ['comes to its end', { status: 0, signal: null, stderr: '' }],
    ['exits', { status: 3, signal: null, stderr: '' }],
    ['exits while it reads', { status: 3, signal: null, stderr: '' }],
    ['is killed', { status: null, signal: 'SIGKILL', stderr: '' }],
    ['throws', { status: 1, signal: null, stderr: expect.stringContaining('Error: on purpose') }],
  ])('and %s is gone, as it was told to, having said nothing of its own', (how, end) => {
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, how], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect({ status, signal, stderr }).toEqual(end)
    expect(stdout).toBe('4000\n')
  })
})
