import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runTool } from '../../../../src/engine/tensorflow/install/run-tool.ts'
import { checkIntegrity } from '../../../../src/engine/tensorflow/install/scripts.ts'
import { thrownBy } from '../../../helpers/errors.ts'
import { temporaryFolder } from '../../../helpers/folder.ts'
import { isAlive, until } from '../../../helpers/processes.ts'

const options = { task: 'try', remedy: 'try again' }
const shell = (script: string, more = {}) => runTool('/bin/sh', ['-c', script], { ...options, ...more })

test('what a program prints is returned, and heard line by line', async () => {
  const lines: string[] = []
  const output = await shell('echo one; echo two >&2; echo three', { onLine: (line: string) => lines.push(line) })
  expect(output).toBe('one\nthree')
  expect(lines.sort()).toEqual(['one', 'three', 'two'])
})

test('a program that fails is named with its task, its last lines and the remedy', async () => {
  await expect(shell('for i in $(seq 40); do echo line $i; done; exit 7')).rejects.toMatchObject({
    code: 'engine.install',
    message: 'Could not try: /bin/sh ended with exit code 7.',
    remedy: 'try again',
    cause: expect.objectContaining({ message: expect.stringMatching(/^line 16\n.*line 40$/s) }),
  })
  await expect(shell('kill -9 $$')).rejects.toMatchObject({ message: expect.stringContaining('signal SIGKILL') })
})

test('a program that is not there is an error too', async () => {
  await expect(runTool('/nowhere/make', [], options)).rejects.toMatchObject({
    code: 'engine.install',
    message: expect.stringContaining('ENOENT'),
  })
})

test('an abort ends the program and all that it has started', async () => {
  const started = join(temporaryFolder(), 'started')
  const interruption = new AbortController()
  const pids: number[] = []
  const running = shell(`sleep 60 & echo $!; touch ${started}; wait`, {
    signal: interruption.signal,
    onLine: (line: string) => pids.push(Number(line)),
  })
  const ended = expect(running).rejects.toThrow('stop')
  await until(() => existsSync(started) && pids.length > 0, 'the program to start')
  interruption.abort(new Error('stop'))
  await ended
  await until(() => pids.every((pid) => !isAlive(pid)), 'its child to end')
})

test('an archive that is not the one expected is refused', () => {
  expect(thrownBy(() => checkIntegrity(import.meta.filename))).toMatchObject({
    code: 'engine.install',
    message: expect.stringContaining('its digest differs'),
    value: expect.stringMatching(/^sha512-/),
  })
})
