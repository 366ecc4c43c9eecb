import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isAtLeast, REQUIRED_NODE } from '../../../src/cli/doctor/examination.ts'

test('the Node that is needed is the one that package.json names', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  expect(engines.node).toBe(`>=${REQUIRED_NODE}`)
})

test.each([
  ['22.18.0', true],
  ['22.17.9', false],
  ['22.9.0', false],
  ['9.0.0', false],
  ['24.0.0', true],
  ['100.1.0', true],
])('Node %s is new enough: %s', (version, isEnough) => {
  expect(isAtLeast(version, '22.18')).toBe(isEnough)
})
