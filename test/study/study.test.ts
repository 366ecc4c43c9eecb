import { describe, expect, test } from 'vitest'
import { DynotuneError } from '../../src/errors.ts'
import { choice, float } from '../../src/space/domain.ts'
import type { Sampler } from '../../src/study/sampler.ts'
import { defineStudy, isStudy, studyDigest } from '../../src/study/study.ts'

const space = { rate: float(0, 1) }
const config = {
  name: 'digits',
  space,
  metric: 'loss',
  goal: 'minimize',
  budget: { trials: 10 },
  run: () => 0,
} as const

/** As a study file without type checks might call it. */
const defineUnchecked = (config: object): unknown => Reflect.apply(defineStudy, undefined, [config])

function refusal(change: object): DynotuneError {
  try {
    defineUnchecked({ ...config, ...change })
  } catch (error) {
    if (error instanceof DynotuneError) return error
    throw error
  }
  throw new Error('The study was accepted.')
}

describe('a study is refused with the path and the value of the field', () => {
  test.each<[path: string, value: unknown, change: object, message?: RegExp]>([
    ['study.name', '../digits', { name: '../digits' }, /beginning with a letter or digit/],
    ['study.name', '', { name: '' }],
    ['study.name', 'x'.repeat(101), { name: 'x'.repeat(101) }],
    ['study.name', undefined, { name: undefined }],
    ['study.question', 7, { question: 7 }],
    ['study.metric', undefined, { metric: undefined }],
    ['study.metric', '', { metric: '' }],
    ['study.metric', 'step', { metric: 'step' }, /taken/],
    ['study.goal', 'minimise', { goal: 'minimise' }, /minimize/],
    ['study.goal', undefined, { goal: undefined }],
    ['study.budget', {}, { budget: {} }, /trials, time or both/],
    ['study.budget', undefined, { budget: undefined }],
    ['study.budget.trials', 0, { budget: { trials: 0 } }],
    ['study.budget.trials', 2.5, { budget: { trials: 2.5 } }],
    ['study.budget.trials', '10', { budget: { trials: '10' } }],
    ['study.budget.time', 'soon', { budget: { time: 'soon' } }, /positive amount, such as 90/],
    ['study.budget.time', -1, { budget: { time: -1 } }],
    ['study.budget.time', true, { budget: { time: true } }, /positive amount/],
    ['study.parallel', 0, { parallel: 0 }],
    ['study.class', 'a:b', { class: 'a:b' }],
    ['study.reproducible', 'yes', { reproducible: 'yes' as unknown as boolean }],
    ['study.seed', -1, { seed: -1 }],
    ['study.seed', 0.5, { seed: 0.5 }],
    ['study.seed', 2 ** 53, { seed: 2 ** 53 }],
    ['study.roles.rate', 'random', { roles: { rate: 'random' } }, /scientific/],
    ['study.startIn.rate', [0.5, 0.1], { startIn: { rate: [0.5, 0.1] } }, /low, high/],
    ['study.criticalBatchSize.targets', [], { criticalBatchSize: { targets: [] } }],
    ['study.criticalBatchSize.targets.0', { metric: 'x' }, { criticalBatchSize: { targets: [{ metric: 'x' }] } }],
    ['study.sampler', 5, { sampler: 5 }, /name and suggest/],
    ['study.pruner', {}, { pruner: {} }, /name and decide/],
    ['study.budget.gain', -1, { budget: { trials: 5, gain: -1 } }],
    ['study.objectives.seconds', 'faster', { objectives: { seconds: 'faster' } }],
    ['study.bounds.bytes', {}, { bounds: { bytes: {} } }, /atMost, atLeast or both/],
    ['study.allows', 1, { allows: 1 }, /function of the parameters/],
    ['study.engine', 'cuda', { engine: 'cuda' }, /one of auto, tensorflow, webgpu, wasm, cpu, or a function/],
    ['study.engine', 7, { engine: 7 }, /or a function of the parameters/],
    ['study.limits.time', '3 parsecs', { limits: { time: '3 parsecs' } }, /such as 90, '30s', '15m' or '2h'/],
    ['study.limits.memory', '4 gigs', { limits: { memory: '4 gigs' } }, /'512MiB' or '4GB'/],
    ['study.limits.silence', 0, { limits: { silence: 0 } }],
    ['study.run', undefined, { run: undefined }, /function of the trial/],
    ['study.run', 'train', { run: 'train' }, /function of the trial/],
    ['study.test', true, { test: true }, /function of the trial/],
  ])('%s: %j', (path, value, change, message = /^The study is not valid: /) => {
    const error = refusal(change)
    expect({ code: error.code, path: error.path, value: error.value }).toEqual({ code: 'study.invalid', path, value })
    expect(error.message).toMatch(message)
  })

  test('a sampler that cannot suggest', () => {
    const sampler = { name: 'mine' }
    expect(refusal({ sampler })).toMatchObject({ code: 'study.invalid', path: 'study.sampler', value: sampler })
  })

  test.each([
    ['study.epochs', { epochs: 5 }],
    ['study.budget.steps', { budget: { trials: 1, steps: 5 } }],
    ['study.limits.ram', { limits: { ram: '4GB' } }],
  ])('an unknown field: %s', (path, change) => {
    expect(refusal(change)).toMatchObject({ code: 'study.invalid', path, message: 'A study has no such field.' })
  })

  test('what is no study at all', () => {
    expect(() => defineUnchecked([])).toThrow(expect.objectContaining({ code: 'study.invalid', path: 'study' }))
  })

  test('a space that is not valid keeps the code of the space', () => {
    expect(refusal({ space: { rate: float(1, 0) } })).toMatchObject({ code: 'space.range', path: 'space.rate' })
    expect(refusal({ space: undefined })).toMatchObject({ code: 'space.domain', path: 'space' })
  })
})

test('what is left out has its default', () => {
  expect(defineStudy(config).definition).toEqual({
    name: 'digits',
    space,
    metric: 'loss',
    goal: 'minimize',
    budget: { trials: 10 },
    seed: 0,
    sampler: 'auto',
    engine: 'auto',
    limits: {},
  })
})

test.each<[path: string, change: object, message: RegExp]>([
  ['study.objectives.loss', { objectives: { loss: 'minimize' } }, /an objective already/],
  ['study.budget.gain', { budget: { time: 60, gain: 'noise' }, objectives: { bytes: 'minimize' } }, /one goal only/],
  ['study.enqueue.0.rate', { enqueue: [{ rate: 2 }] }, /outside the domain/],
  ['study.enqueue.1.width', { enqueue: [{}, { width: 8 }] }, /no "width"/],
])('parts that contradict each other are refused: %s', (path, change, message) => {
  expect(refusal(change)).toMatchObject({ path, message: expect.stringMatching(message) })
})

test('objectives and bounds become lists, the own metric first; what is enqueued becomes flat', () => {
  const study = defineStudy({
    ...config,
    space: { rate: float(0, 1), optimizer: choice({ sgd: { momentum: float(0, 1) }, adam: {} }) },
    objectives: { seconds: 'minimize', accuracy: { goal: 'maximize', reference: 0.5 } },
    bounds: { bytes: { atMost: 100 } },
    enqueue: [{ rate: 0.5 }, { optimizer: { kind: 'sgd', momentum: 0.9 } }, { optimizer: 'adam' }],
    allows: ({ rate, optimizer }) => optimizer.kind === 'adam' || rate < 0.5,
  })
  expect(study.definition.objectives).toEqual([
    { metric: 'loss', goal: 'minimize' },
    { metric: 'seconds', goal: 'minimize' },
    { metric: 'accuracy', goal: 'maximize', reference: 0.5 },
  ])
  expect(study.definition.bounds).toEqual([{ metric: 'bytes', atMost: 100 }])
  expect(study.enqueued).toEqual([{ rate: 0.5 }, { optimizer: 'sgd', 'sgd.momentum': 0.9 }, { optimizer: 'adam' }])
  expect(study.allows?.({ rate: 0.6, optimizer: 'adam' })).toBe(true)
  expect(study.allows?.({ rate: 0.6, optimizer: 'sgd', 'sgd.momentum': 0 })).toBe(false)
})

test('amounts become seconds and bytes, and the rest stays as it is written', () => {
  const written = {
    question: 'Why?',
    parallel: 3,
    class: 'gpu-80g',
    reproducible: true,
    seed: 7,
    sampler: 'random',
    engine: 'cpu',
  } as const
  const { definition } = defineStudy({
    ...config,
    ...written,
    budget: { time: '2h' },
    limits: { time: '90s', memory: '1GiB', silence: 5 },
  })
  expect(definition).toMatchObject(written)
  expect(definition.budget).toEqual({ time: 7200 })
  expect(definition.limits).toEqual({ time: 90, memory: 2 ** 30, silence: 5 })
})

test('a definition is plain data: it comes back whole from JSON', () => {
  const { definition } = defineStudy({ ...config, limits: { memory: '4GB' } })
  expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
})

test('functions and a sampler of its own stay with the study, the name of the sampler with the definition', () => {
  const sampler: Sampler = { name: 'mine', suggest: () => [] }
  const test = () => ({ loss: 1 })
  const study = defineStudy({ ...config, sampler, test })
  expect(study).toMatchObject({ sampler, run: config.run, test })
  expect(study.definition.sampler).toBe('mine')
  expect(study.space.parameters.map(({ name }) => name)).toEqual(['rate'])
  expect(defineStudy(config)).not.toHaveProperty('sampler')
  expect(defineStudy(config)).not.toHaveProperty('test')
})

test('a function that names the engine stays with the study; the definition says that there is one', () => {
  const engine = () => 'wasm' as const
  const study = defineStudy({ ...config, engine })
  expect(study.engine).toBe(engine)
  expect(study.definition.engine).toBe('per trial')
  expect(JSON.parse(JSON.stringify(study.definition))).toEqual(study.definition)
  expect(studyDigest(study.definition)).toBe(studyDigest(defineStudy(config).definition))
  expect(defineStudy({ ...config, engine: 'cpu' })).not.toHaveProperty('engine')
})

test('the digest of a study changes with what decides its trials, and with nothing else', () => {
  const digest = (change: object) => studyDigest({ ...defineStudy(config).definition, ...change })
  const same = [
    {},
    { name: 'other' },
    { budget: { time: 5 } },
    { engine: 'cpu' },
    { limits: { time: 9 } },
    { parallel: 2 },
  ]
  expect(new Set(same.map(digest)).size).toBe(1)
  const other = [
    { space: { rate: float(0, 2) } },
    { metric: 'f1' },
    { goal: 'maximize' },
    { seed: 1 },
    { sampler: 'grid' },
    { roles: { rate: 'scientific' } },
    { startIn: { rate: [0, 0.5] } },
  ]
  expect(new Set([{}, ...other].map(digest)).size).toBe(8)
})

test.each<[path: string, change: object]>([
  ['study.roles.depth', { roles: { depth: 'scientific' } }],
  ['study.criticalBatchSize.batchSize', { criticalBatchSize: { targets: [{ metric: 'loss', atMost: 1 }] } }],
  ['study.startIn.depth', { startIn: { depth: [0, 1] } }],
  ['study.startIn.rate', { startIn: { rate: [0, 2] } }],
  ['study.startIn.kind', { space: { kind: choice(['a', 'b']) }, startIn: { kind: [0, 1] } }],
])('what roles say must be of the space: %s', (path, change) => {
  expect(refusal(change)).toMatchObject({ code: 'study.roles', path })
})

test('isStudy knows a study from everything else', () => {
  expect(isStudy(defineStudy(config))).toBe(true)
  for (const other of [config, {}, null, undefined, 'study', () => 0, { definition: {}, space: {}, run: () => 0 }]) {
    expect(isStudy(other)).toBe(false)
  }
})
