import { exec, execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { CLI, cli, startCli } from '../helpers/cli.ts'
import { temporaryFolder } from '../helpers/folder.ts'
import { until } from '../helpers/processes.ts'

const STEADY = fileURLToPath(new URL('../fixtures/studies/steady.ts', import.meta.url))

/** A folder with a study file of the given text; the names that studies use are imported. */
function folderWith(text: string): string {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'study.ts'),
    `import { bool, choice, defineStudy, fixed, float, int } from 'dynotune'\n${text}`,
  )
  return folder
}

const study = (changes: string) =>
  `export default defineStudy({ name: 'small', space: { x: float(0, 1) }, metric: 'loss', goal: 'minimize', budget: { trials: 6 }, parallel: 1, engine: 'cpu', run: ({ params }) => params.x, ${changes} })`

describe('dynotune run', () => {
  test('runs a study in any folder, names the best trial and writes the report', async () => {
    const folder = folderWith(study(''))
    const { code, stdout, stderr } = await cli(['run', 'study.ts'], folder)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout.match(/^\[\d\/6\] trial \d/gm)).toHaveLength(6)
    expect(stdout).toMatch(
      /small: 6 complete in .*\nbest: trial \d, loss 0(\.\d+)?\nreport: reports\/small\/README\.md\n$/,
    )
    expect(readFileSync(join(folder, 'reports/small/README.md'), 'utf8')).toContain('small')
    expect(existsSync(join(folder, '.dynotune/dynotune.db'))).toBe(true)
  })

  test('again continues, --fresh starts the next number, and options override the file', async () => {
    const folder = folderWith(study(''))
    await cli(['run', 'study.ts', '--trials', '3'], folder)
    const again = await cli(['run', 'study.ts'], folder)
    expect(again.stdout).toContain('small: 6 trials, 3 of them done before')
    expect(again.stdout.match(/^\[\d\/6\]/gm)).toHaveLength(3)
    const fresh = await cli(
      [
        'run',
        'study.ts',
        '--fresh',
        '--seed',
        '9',
        '--sampler',
        'random',
        '--trials',
        '2',
        '--parallel',
        '2',
        '--out',
        'elsewhere',
      ],
      folder,
    )
    expect(fresh.stdout).toContain('report: elsewhere/small-2/README.md')
    const shown = JSON.parse((await cli(['show', 'small#2', '--json'], folder)).stdout)
    expect(shown).toMatchObject({ number: 2, seed: 9, sampler: 'random', counts: { complete: 2 } })
  })

  test('--json prints an object a line and ends with a summary', async () => {
    const folder = folderWith(study(''))
    const { stdout } = await cli(['run', 'study.ts', '--json'], folder)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines[0]).toMatchObject({ type: 'study', name: 'small', number: 1 })
    expect(lines.filter(({ type }) => type === 'finished')).toHaveLength(6)
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      counts: { complete: 6 },
      best: { number: expect.any(Number) },
      interrupted: false,
    })
  })

  test('the last of an option that is given twice counts', async () => {
    const { code, stderr } = await cli(['show', 'small', '--db', 'first.db', '--db', 'last.db'], folderWith(''))
    expect(code).toBe(2)
    expect(stderr).toContain('at:  last.db')
  })

  test('--timeout ends the study early without an error', async () => {
    const { code, stdout } = await cli(['run', STEADY, '--timeout', '3s', '--trials', '100000'], temporaryFolder())
    expect(code).toBe(0)
    expect(stdout).toMatch(/steady: .*complete.* in \d\.?\d* s\n/)
  })

  test.each([
    ['one SIGINT finishes the running trials', ['SIGINT'], /Finishing the running trials/],
    ['two stop at once', ['SIGINT', 'SIGINT'], /Stopping\. What has finished is kept/],
    ['SIGTERM stops at once', ['SIGTERM'], /Stopping\. What has finished is kept/],
  ] as const)('%s, with exit code 130 and a report, and the study continues later', async (_name, signals, says) => {
    const folder = temporaryFolder()
    const words = ['run', STEADY, '--trials', '40']
    const run = startCli(words, folder)
    await until(() => /^\[ *4\/40\]/m.test(run.stdout()), 'some trials')
    for (const signal of signals) {
      run.child.kill(signal)
      await until(() => /Finishing|Stopping/.test(run.stdout()), 'the signal to be seen')
    }
    const { code, stdout } = await run.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(says)
    expect(stdout).toContain('interrupted, run it again to continue')
    expect(existsSync(join(folder, 'reports/steady/README.md'))).toBe(true)
    const again = await cli(words, folder)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('steady: 40 complete')
  })

  test('while another process runs the study is refused with owner and age', async () => {
    const folder = temporaryFolder()
    const first = startCli(['run', STEADY, '--trials', '100'], folder)
    await until(() => first.stdout().includes('[ '), 'the first trial')
    const { code, stderr } = await cli(['run', STEADY], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`being run by process ${first.pid} on .*, since \\d+ s\\. \\[study\\.locked\\]`))
    expect((await cli(['list'], folder)).stdout).toMatch(new RegExp(`process ${first.pid} on `))
    first.child.kill('SIGKILL')
    await first.ended
    expect((await cli(['list'], folder)).stdout).not.toMatch(/process \d+ on /)
  })
})

describe('wherever it runs', () => {
  test('a study is a module even where package.json says commonjs, and so is what it imports', async () => {
    const folder = folderWith(
      `import { offset } from './offset.ts'\n${study('run: ({ params }) => params.x + offset')}`,
    )
    writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
    writeFileSync(join(folder, 'offset.ts'), 'export const offset: number = 100')
    const { code, stdout } = await cli(['run', 'study.ts'], folder)
    expect(stdout).toMatch(/best: trial \d, loss 100/)
    expect(code).toBe(0)
  })

  test('under a Node that is too old it goes on with the one that the project pins', (context) => {
    const old = (process.env.PATH ?? '')
      .split(delimiter)
      .map((folder) => join(folder, 'node'))
      .filter((path) => !path.includes('node_modules') && existsSync(path))
      .find((path) => /^v(\d|1\d|2[01])\./.test(execFileSync(path, ['--version'], { encoding: 'utf8' })))
    if (!old) return context.skip('there is no Node older than 22 on this machine')
    expect(execFileSync(old, [CLI, '--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('a disk that runs full ends the run with a typed error; what was committed is there', async (context) => {
    const inNamespace = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=3m tmpfs "$0" && cd "$0" && eval "$1"']
    const folder = temporaryFolder()
    if (spawnSync('unshare', [...inNamespace, folder, 'true']).status !== 0) {
      return context.skip('mounting a small file system in a user namespace is not allowed here')
    }
    // Every trial keeps 60 kB of output, so the disk is full after some thirty.
    const study = fileURLToPath(new URL('../fixtures/studies/verbose.ts', import.meta.url))
    const dynotune = `"${process.execPath}" "${CLI}"`
    const script = `${dynotune} run "${study}"; echo "code $?"; rm -r reports; ${dynotune} show verbose --json; ${dynotune} list --json`
    const { stdout, stderr } = spawnSync('unshare', [...inNamespace, folder, script], { encoding: 'utf8' })
    expect(stderr).toMatch(/The disk is full, so nothing more can be recorded\. \[store\.full\]/)
    expect(stderr).toMatch(/try: free some space and run the study again/)
    expect(stdout).toContain('code 1\n')
    const printed = stdout.match(/^\[ *\d+\/1000\] trial/gm)?.length ?? 0
    expect(printed).toBeGreaterThan(5)
    expect(stdout).toContain(`"complete": ${printed}`)
  })
})

describe('bad input is answered with what is wrong, where, and what to do', () => {
  test.each<[string, string[], string, number, RegExp[]]>([
    [
      'a missing study file',
      ['run', 'absent.ts'],
      '',
      2,
      [/There is no such study file\. \[study\.missing\]/, /at: .*absent\.ts/, /try: check the path/],
    ],
    [
      'one that throws at import',
      ['run', 'study.ts'],
      `throw new RangeError('bad luck')`,
      2,
      [/fails when it is imported\. \[study\.import\]/, /RangeError: bad luck/, /study\.ts:2/],
    ],
    ['one that does not parse', ['run', 'study.ts'], 'export default {', 2, [/\[study\.import\]/]],
    [
      'one without a default export',
      ['run', 'study.ts'],
      'export const a = 1',
      2,
      [/has no default export\. \[study\.no_default\]/, /export default defineStudy/],
    ],
    [
      'a default export that is no study',
      ['run', 'study.ts'],
      'export default { name: 1 }',
      2,
      [/The default export is not a study\. \[study\.no_default\]/],
    ],
    [
      'an empty space',
      ['run', 'study.ts'],
      study('space: {}'),
      2,
      [/no parameters, so there is nothing to tune\. \[space\.empty\]/, /at: {2}space/],
    ],
    [
      'an inverted range',
      ['run', 'study.ts'],
      study('space: { a: choice({ b: { c: float(2, 1) } }) }'),
      2,
      [/low 2 is above high 1\. \[space\.range\]/, /at: {2}space\.a\.b\.c/, /got: \[2,1\]/, /try: write float\(1, 2\)/],
    ],
    [
      'a log range touching zero',
      ['run', 'study.ts'],
      study(`space: { lr: float(0, 1, { scale: 'log' }) }`),
      2,
      [/cannot touch or cross zero\. \[space\.log_range\]/, /at: {2}space\.lr/],
    ],
    [
      'a duplicate name',
      ['run', 'study.ts'],
      study('space: { a: choice({ s: { x: float(0, 1) } }), b: choice({ s: { x: float(0, 1) } }) }'),
      2,
      [/flat name "s\.x": space\.a\.s\.x and space\.b\.s\.x\. \[space\.duplicate_name\]/],
    ],
    [
      'a field that does not exist',
      ['run', 'study.ts'],
      study('gaol: 1'),
      2,
      [/no such field\. \[study\.invalid\]/, /at: {2}study\.gaol/],
    ],
    [
      'a field of the wrong kind',
      ['run', 'study.ts'],
      study('budget: { trials: -1 }'),
      2,
      [/\[study\.invalid\]/, /at: {2}study\.budget\.trials/, /got: -1/],
    ],
    [
      'a grid over a float',
      ['run', 'study.ts', '--sampler', 'grid'],
      study(''),
      2,
      [/\[space\.infinite\]/, /at: {2}space\.x/],
    ],
    ['an unknown sampler', ['run', 'study.ts', '--sampler', 'magic'], study(''), 2, [/\[sampler\.unknown\]/, /halton/]],
    [
      'an unknown option',
      ['run', 'study.ts', '--trails', '5'],
      study(''),
      2,
      [/Unknown argument: trails \[option\.unknown\]/],
    ],
    ['an unknown command', ['rnu'], '', 2, [/Did you mean run\?|Unknown/, /\[option\./]],
    ['no command', [], '', 2, [/Name a command/]],
    ['an option without its value', ['run', 'study.ts', '--trials'], study(''), 2, [/trials/, /\[option\.invalid\]/]],
    [
      'a number that is none',
      ['run', 'study.ts', '--trials', 'many'],
      study(''),
      2,
      [/--trials takes a whole number from 1\. \[option\.invalid\]/, /got: "many"/],
    ],
    ['a seed below zero', ['run', 'study.ts', '--seed=-1'], study(''), 2, [/--seed takes a whole number from 0/]],
    [
      'a time that is none',
      ['run', 'study.ts', '--timeout', 'soon'],
      study(''),
      2,
      [/--timeout takes a time\. \[option\.invalid\]/, /30s, 15m or 2h/],
    ],
    [
      'an engine that does not exist',
      ['run', 'study.ts', '--engine', 'abacus'],
      study(''),
      2,
      [/engine/, /tensorflow/, /\[option\.invalid\]/],
    ],
    ['a study that is not stored', ['show', 'absent'], '', 2, [/no studies yet\. \[study\.unknown\]/, /dynotune run/]],
  ])('%s', async (_name, words, text, expected, patterns) => {
    const { code, stdout, stderr } = await cli(words, folderWith(text))
    for (const pattern of patterns) expect(stderr).toMatch(pattern)
    expect(code).toBe(expected)
    expect(stdout).toBe('')
  })

  test('a study of which every trial fails stops with the cause and exit code 1', async () => {
    const { code, stderr } = await cli(
      ['run', 'study.ts'],
      folderWith(study(`budget: { trials: 50 }, run: () => { throw new TypeError('no such layer') }`)),
    )
    expect(code).toBe(1)
    expect(stderr).toMatch(/first 5 trials all failed.*TypeError: no such layer.*\[scheduler\.all_failed\]/)
    expect(stderr).toMatch(/study\.ts:2/)
  })

  test('a study without a single value ends with exit code 1 and says where the reasons are', async () => {
    const { code, stdout } = await cli(
      ['run', 'study.ts'],
      folderWith(study('budget: { trials: 2 }, run: () => Number.NaN')),
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(/infeasible: Diverged: loss is NaN/)
    expect(stdout).toContain('No trial has a value. The report has the reasons.')
  })

  test('a trial that failed is shown with reason, remedy, line and output', async () => {
    const folder = folderWith(
      study("budget: { trials: 1 }, run: () => { console.log('so far'); return 'good' as never }"),
    )
    await cli(['run', 'study.ts'], folder)
    const { stdout } = await cli(['show', 'small', '--trial', '0'], folder)
    expect(stdout).toMatch(/^trial 0: failed/)
    expect(stdout).toMatch(
      /reason: run returned something that is neither.*Got "good"\. \[trial\.not_a_number\]\ntry: return a number, or \{ loss: … \}/,
    )
    expect(stdout).toMatch(/output:\nso far\n$/)
  })

  test('numbers that JSON does not have are kept in what show prints', async () => {
    const folder = folderWith(
      study('budget: { trials: 1 }, run: ({ report }) => { report({ step: 1, loss: NaN }); return 1 }'),
    )
    await cli(['run', 'study.ts'], folder)
    const shown = JSON.parse((await cli(['show', 'small', '--trial', '0', '--json'], folder)).stdout)
    expect(shown.measurements).toMatchObject([{ step: 1, metrics: { loss: 'NaN' } }])
  })

  test('an engine that cannot start ends the run with its own remedy', async (context) => {
    const { code, stderr } = await cli(['run', 'study.ts', '--engine', 'tensorflow'], folderWith(study('')))
    if (code === 0) return context.skip('TensorFlow is installed here, so there is nothing to refuse')
    expect(code).toBe(1)
    expect(stderr).toMatch(/Trainers cannot be started: .*tensorflow.*\[runner\.start\]/)
    expect(stderr).toMatch(/try: .*dynotune engine install tensorflow/)
  })

  test('a changed space is refused with what changed', async () => {
    const folder = folderWith(study(''))
    await cli(['run', 'study.ts', '--trials', '1'], folder)
    const { code, stderr } = await cli(['run', 'study.ts', '--seed', '4'], folder)
    expect(code).toBe(2)
    expect(stderr).toMatch(/has trials under another seed.*\[study\.changed\]/)
    expect(stderr).toMatch(/try: --fresh starts "small" #2/)
  })

  test('a report folder that cannot be written is refused before anything trains', async () => {
    const folder = folderWith(study(''))
    writeFileSync(join(folder, 'file'), '')
    for (const out of ['file/below', '/sys/reports']) {
      const { code, stdout, stderr } = await cli(['run', 'study.ts', '--out', out], folder)
      expect(stderr).toMatch(/\[report\.unwritable\]/)
      expect(stderr).toMatch(/--out/)
      expect(code).toBe(1)
      expect(stdout).not.toMatch(/trial 0/)
    }
  })
})

describe('reading commands', () => {
  test('list, show, export and report what ran', async () => {
    const folder = temporaryFolder()
    await cli(['run', STEADY], folder)
    const list = await cli(['list'], folder)
    expect(list.stdout).toMatch(/^steady +\d{4}-\d\d-\d\d \d\d:\d\d +minimize loss +8 /m)
    expect(JSON.parse((await cli(['list', '--json'], folder)).stdout)).toMatchObject([
      { name: 'steady', number: 1, counts: { complete: 8 } },
    ])

    const show = await cli(['show', 'steady'], folder)
    expect(show.stdout).toMatch(/trials: 8 complete\nbest: trial \d, loss/)
    const one = await cli(['show', 'steady', '--trial', '3'], folder)
    expect(one.stdout).toMatch(/^trial 3: complete, loss/)
    expect(one.stdout).toContain('4 measurements, the last at step 4')
    expect((await cli(['show', 'steady', '--trial', '99'], folder)).stderr).toMatch(/steady has no trial 99/)
    expect((await cli(['show', 'stead'], folder)).stderr).toMatch(/no such study[\s\S]*known are: steady/)

    const csv = (await cli(['export', 'steady', '--format', 'csv'], folder)).stdout.trimEnd().split('\r\n')
    expect(csv[0]).toBe('trial,state,loss,x,branch,left.depth,depth,seconds,attempts,reason,message')
    expect(csv).toHaveLength(9)
    const json = JSON.parse((await cli(['export', 'steady', '--format', 'json'], folder)).stdout)
    expect(json.trials).toHaveLength(8)
    expect(json.trials[0].params.x).toBe(Number(csv[1]?.split(',')[3]))
    const curves = (await cli(['export', 'steady', '--measurements'], folder)).stdout.trimEnd().split('\r\n')
    expect(curves).toHaveLength(1 + 8 * 4)

    mkdirSync(join(folder, 'other'))
    const report = await cli(['report', 'steady', '--out', 'other'], folder)
    expect(report.stdout).toBe('other/steady/README.md\n')
    expect(readFileSync(join(folder, 'other/steady/README.md'))).toEqual(
      readFileSync(join(folder, 'reports/steady/README.md')),
    )
    const page = await cli(['report', 'steady', '--format', 'html', '--out', 'other'], folder)
    expect(page.stdout).toBe('other/steady/report.html\n')
    expect(readFileSync(join(folder, 'other/steady/report.html'), 'utf8')).toMatch(/^<!doctype html>/)
  })

  test('a reader that has heard enough does not stop a run', async () => {
    const folder = temporaryFolder()
    // Fails on any exit code but 0, of either side of the pipe.
    await promisify(exec)(`set -o pipefail; "${process.execPath}" "${CLI}" run "${STEADY}" | head -n 2`, {
      cwd: folder,
      shell: '/bin/bash',
    })
    expect(JSON.parse((await cli(['show', 'steady', '--json'], folder)).stdout).counts).toEqual({ complete: 8 })
  })

  test('doctor says what the machine has', async () => {
    const found = JSON.parse((await cli(['doctor', '--json', '--quick'], temporaryFolder())).stdout)
    expect(found).toMatchObject({
      node: { version: process.versions.node, isEnough: true },
      sqlite: expect.stringMatching(/^3\./),
      cores: expect.any(Number),
    })
    const status = Object.fromEntries(
      found.engines.map((engine: { name: string; status: string }) => [engine.name, engine.status]),
    )
    expect(status).toMatchObject({
      wasm: 'found',
      cpu: 'found',
      tensorflow: expect.stringMatching(/found|missing|broken/),
    })
    const { code, stdout } = await cli(['doctor', '--quick'], temporaryFolder())
    expect(stdout).toMatch(/^wasm +found/m)
    expect(code).toBe(0)
  })

  test.each([[], ['run'], ['worker'], ['top'], ['list'], ['show'], ['report'], ['export'], ['doctor']])(
    'help %s shows examples',
    async (...command) => {
      const { code, stdout } = await cli([...command, '--help'], temporaryFolder())
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain(`dynotune ${command[0] ?? 'run'}`)
    },
  )
})
