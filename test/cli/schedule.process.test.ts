import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'

test('dynotune schedule plot draws what a TypeScript file exports, beside others', async () => {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'mine.ts'),
    "import { train } from 'dynotune/train'\nexport const mine = (step: number): number => (typeof train === 'function' ? 1 / (1 + step) : 0)",
  )
  const specs = ['mine.ts#mine', 'warmup:5->cosine:15', 'reduceOnPlateau:patience=0']
  const words = ['schedule', 'plot', ...specs, '--rate', '0.2', '--metric', '-1,-.5', '--width', '60']
  const { code, stdout, stderr } = await cli(words, folder)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^a mine\.ts#mine {2}0\.2 to 0\.00952381\nb warmup:5->cosine:15 {2}0\.0666667 to 0\nc reduceOnPlateau:patience=0 {2}0\.2 to 0\.02\n\n 0\.2 ┤/,
  )
})
