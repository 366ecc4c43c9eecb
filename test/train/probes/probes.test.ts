import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Metrics } from '../../../src/study/trial.ts'
import {
  classification,
  gradientsOf,
  type Model,
  mlp,
  sgd,
  type TrainingConfig,
  toTensors,
  uploadDataset,
  type Weight,
} from '../../../src/train/index.ts'
import { sample } from '../../../src/train/loop/sample.ts'
import { activations } from '../../../src/train/probes/activations.ts'
import { gradientNorm } from '../../../src/train/probes/gradient-norm.ts'
import { noiseScale } from '../../../src/train/probes/noise-scale-probe.ts'
import type { Probe } from '../../../src/train/probes/probe.ts'
import { sharpness } from '../../../src/train/probes/sharpness.ts'
import { throughput } from '../../../src/train/probes/throughput.ts'
import { updateRatio } from '../../../src/train/probes/update-ratio.ts'
import { thrownBy } from '../../helpers/errors.ts'
import { digits, memoryCheckpoint, run } from '../loop/run-training.ts'
import { identity, quadratic, rowsOf } from './quadratic.ts'

/** Plain descent on ½ Σ h θ²: θ shrinks by 1 - 0.1 h a step, whatever the data. */
const descent = (curvatures: readonly number[], probes: readonly Probe[], steps = 4): Partial<TrainingConfig> => ({
  model: quadratic(curvatures),
  task: identity,
  data: { train: rowsOf([1, 2, 3, 4]), validation: rowsOf([1, 2]) },
  optimizer: sgd({ learningRate: 0.1 }),
  ...{ batchSize: 2, steps, evaluateEvery: steps, probes },
})

const all = () => [
  gradientNorm(),
  updateRatio(),
  activations({ rows: 20 }),
  noiseScale(),
  sharpness({ rows: 20, iterations: 3 }),
]

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  test('the gradient norm is that of every step since the evaluation before, with its percentiles', async () => {
    const { reports } = await run({ ...descent([3, 4], [gradientNorm()], 10), evaluateEvery: 5 }, { engine })
    const norms = Array.from({ length: 10 }, (_, step) => Math.hypot(3 * 0.7 ** step, 4 * 0.6 ** step))
    for (const [i, report] of reports.entries()) {
      const sorted = norms.slice(5 * i, 5 * i + 5).toSorted((a, b) => a - b)
      const at = (k: number) => sorted[k] ?? Number.NaN
      const expected = {
        gradientNorm: sorted.reduce((sum, norm) => sum + norm, 0) / 5,
        gradientNormP10: at(0) + 0.4 * (at(1) - at(0)),
        gradientNormP50: at(2),
        gradientNormP90: at(3) + 0.6 * (at(4) - at(3)),
        gradientNormMax: at(4),
      }
      for (const [name, value] of Object.entries(expected)) expect(report[name]).toBeCloseTo(value, 5)
    }
    expect(reports).toHaveLength(2)
  })

  test('many steps between evaluations are all seen', async () => {
    const { reports } = await run(descent([1], [gradientNorm()], 600), { engine })
    const mean = (1 - 0.9 ** 600) / 0.1 / 600
    expect(reports[0]?.gradientNorm).toBeCloseTo(mean, 5)
  })

  test('the update ratio is that of the last step, by layer', async () => {
    const { reports } = await run(descent([2, 2], [updateRatio()]), { engine })
    expect(reports[0]?.['updateRatio/theta']).toBeCloseTo(0.2, 5)
    const layers = await run({
      steps: 2,
      probes: [updateRatio()],
      model: mlp({ inputs: 64, hidden: [8], classes: 10 }),
    })
    const names = Object.keys(layers.reports[0] ?? {}).filter((name) => name.startsWith('updateRatio/'))
    expect(names).toHaveLength(2)
    for (const name of names) expect(layers.reports[0]?.[name]).toBeGreaterThan(0)
  })

  test.each([
    ['all positive', [0.5, 3, 1], 3],
    ['one negative that is farther from 0', [-5, 1, 0.25], 1],
    ['all negative', [-5, -2, -1], -1],
    ['one direction', [7], 7],
    ['flat', [0, 0], 0],
    ['of very different sizes', [1e-3, 1e3, 1], 1e3],
  ])('sharpness is the largest curvature: %s', async (_name, curvatures, expected) => {
    const frozen = { ...descent(curvatures, [sharpness({ iterations: 6 })], 1), optimizer: sgd({ learningRate: 0 }) }
    const { reports } = await run(frozen, { engine })
    expect(Math.abs((reports[0]?.sharpness ?? Number.NaN) - expected)).toBeLessThanOrEqual(
      2e-3 * Math.abs(expected) + 1e-6,
    )
  })
})

test('sharpness of a network is the top of its Hessian, by differences along every coordinate', async () => {
  const tf = await (await createEngine('cpu')).load()
  const model = mlp({ inputs: 64, hidden: [3], classes: 10, activation: 'tanh' })
  const { result } = await run({
    model,
    steps: 20,
    evaluateEvery: 20,
    probes: [sharpness({ rows: 40, iterations: 15 })],
  })
  const weights = result.best?.weights ?? []
  const examples = uploadDataset(tf, sample(digits.train, 40))
  const gradientAt = (moved: readonly Weight[]) =>
    gradientsOf(tf, model, classification, toTensors(tf, moved), examples).gradients.flatMap((g) => [...g.dataSync()])
  const h = 5e-3
  const hessian = weights.flatMap(({ values }, k) =>
    [...values.keys()].map((i) => {
      const at = (delta: number) =>
        gradientAt(
          weights.map((weight, j) =>
            j === k ? { ...weight, values: weight.values.with(i, (values[i] ?? 0) + delta) } : weight,
          ),
        )
      const below = at(-h)
      return at(h).map((g, j) => (g - (below[j] ?? 0)) / (2 * h))
    }),
  )
  // Power iteration, moved so that the largest eigenvalue is the farthest from 0.
  let [v, top] = [hessian.map((_, i) => Math.cos(i)), 0]
  for (let i = 0; i < 300; i++) {
    const image = hessian.map((row, k) => row.reduce((sum, value, j) => sum + value * (v[j] ?? 0), 5 * (v[k] ?? 0)))
    top = Math.hypot(...image)
    v = image.map((value) => value / top)
  }
  expect(result.metrics.sharpness).toBeGreaterThan(0.98 * (top - 5))
  expect(result.metrics.sharpness).toBeLessThan(1.01 * (top - 5))
})

describe('activations', () => {
  /** Shows two tanh, of which one is shut and one is open wide; and a rectifier with one unit of two that never opens. */
  const shown: Model = {
    parameters: [{ name: 'kernel', role: 'kernel', shape: [1, 1], init: () => Float32Array.of(1) }],
    apply({ tf, parameter, observe }, { features }) {
      if (!features) throw new Error('no features')
      observe('tanh', tf.tanh(tf.concat([tf.mul(features, 100), tf.mul(features, 0.001)], 1)))
      observe('relu', tf.relu(tf.concat([features, tf.mul(features, -1)], 1)))
      observe('places', tf.stack([tf.zerosLike(features), features], 1))
      return tf.mul(tf.matMul(features, parameter('kernel')), 0)
    },
  }

  test.each(['cpu', 'wasm'] as const)('are counted as dead or saturated on %s', async (engine) => {
    const config = { ...descent([1], [activations()]), model: shown }
    const data = { train: rowsOf([1, 2, 3, 4]), validation: rowsOf([1]) }
    const { reports } = await run({ ...config, data }, { engine })
    expect(reports[0]).toMatchObject({
      'dead/tanh': 0,
      'saturated/tanh': 0.5,
      'dead/relu': 0.5,
      // The 1 of the open unit.
      'saturated/relu': 1 / 8,
      // [rows, 2, 1]: a unit is alive where any of its places is.
      'dead/places': 0,
      'saturated/places': 1 / 8,
    })
  })
})

describe('the noise scale', () => {
  test('is that of the gradients of single examples, computed one by one', async () => {
    // Descent with rate 0 stays where it is: the gradient of each example is fixed.
    const values = Array.from({ length: 24 }, (_, i) => 1 + Math.sin(i))
    const linear: Model = {
      parameters: [{ name: 'w', role: 'kernel', shape: [1, 1], init: () => Float32Array.of(1) }],
      apply: ({ tf, parameter }, { features }) => tf.matMul(features ?? tf.zeros([1, 1]), parameter('w')),
    }
    const mean = values.reduce((sum, each) => sum + each, 0) / 24
    const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 23
    const { reports } = await run({
      ...{ model: linear, task: identity, optimizer: sgd({ learningRate: 0 }), batchSize: 8, accumulate: 4 },
      data: { train: rowsOf(values), validation: rowsOf([1]) },
      ...{ steps: 900, evaluateEvery: 900, probes: [noiseScale({ decay: 1 })] },
    })
    const report: Metrics = reports[0] ?? {}
    expect(report.gradientSignal).toBeCloseTo(mean ** 2, 2)
    expect(report.gradientVariance).toBeCloseTo(variance, 1)
    expect(report.noiseScaleLow).toBeLessThan(variance / mean ** 2)
    expect(report.noiseScaleHigh).toBeGreaterThan(variance / mean ** 2)
    expect((report.noiseScaleHigh ?? 0) - (report.noiseScaleLow ?? 0)).toBeLessThan(0.1)
  })

  test('of batches of one example is unknown', async () => {
    const { reports } = await run({ batchSize: 1, steps: 4, evaluateEvery: 4, probes: [noiseScale()] })
    expect(reports[0]).toMatchObject({ noiseScaleLow: 0, noiseScaleHigh: Number.POSITIVE_INFINITY })
  })
})

test('throughput counts the examples of the seconds since the evaluation before', async () => {
  const tf = await (await createEngine('cpu')).load()
  const random = (purpose: string) => createRandom(0, 0, purpose)
  const running = throughput().start({ tf, model: quadratic([1]), task: identity, data: rowsOf([1]), random })
  const at = (examples: number, seconds: number, stalled: number) =>
    running.measure({ params: [], examples, seconds, stalled }).metrics(new Float32Array())
  expect(at(100, 2, 0.5)).toEqual({ examplesPerSecond: 50, stalledShare: 0.25 })
  expect(at(400, 4, 0.5)).toEqual({ examplesPerSecond: 150, stalledShare: 0 })
})

describe('probes', () => {
  const config = { steps: 20, evaluateEvery: 10 }

  test.each(['cpu', 'wasm'] as const)('change nothing of a training on %s, and leave no tensors', async (engine) => {
    const tf = await (await createEngine(engine)).load()
    const without = await run({ ...config, accumulate: 2 }, { engine })
    const { numTensors } = tf.memory()
    const probed = await run({ ...config, probes: [...all(), throughput()] }, { engine })
    expect(tf.memory().numTensors).toBe(numTensors)
    await run({ ...config, probes: all() }, { engine, stopAfter: 5 })
    expect(tf.memory().numTensors).toBe(numTensors)
    probed.reports.forEach((report, i) => void expect(report).toMatchObject(without.reports[i] ?? {}))
    expect(probed.reports[1]?.examplesPerSecond).toBeGreaterThan(0)
  })

  test('go on bit for bit after an interruption', async () => {
    const whole = await run({ ...config, probes: all(), checkpointEvery: 7 })
    const checkpoint = memoryCheckpoint()
    let step = 0
    const broken = run(
      {
        ...{ ...config, probes: all(), checkpointEvery: 7 },
        augment(_tf, batch) {
          if (++step > 17) throw new Error('killed')
          return batch
        },
      },
      { checkpoint },
    )
    await expect(broken).rejects.toThrow('killed')
    expect(checkpoint.load()?.step).toBe(14)
    const again = await run({ ...config, probes: all(), checkpointEvery: 7 }, { checkpoint })
    expect(again.result.curve).toEqual(whole.result.curve)
    expect(Object.keys(whole.reports[1] ?? {})).toContain('noiseScaleHigh')
  })

  test('may watch one step in so many only', async () => {
    const { reports } = await run(descent([1], [gradientNorm({ every: 3 }), noiseScale({ every: 2, parts: 2 })], 8))
    // Steps 0, 3 and 6.
    expect(reports[0]?.gradientNorm).toBeCloseTo((1 + 0.9 ** 3 + 0.9 ** 6) / 3, 5)
    // No two examples differ: all is signal, that of steps 0, 2, 4 and 6 by their age.
    const [norms, weights] = [[0, 2, 4, 6].map((step) => 0.9 ** (2 * step)), [0.99 ** 3, 0.99 ** 2, 0.99, 1]]
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const signal = norms.reduce((total, norm, i) => total + ((weights[i] ?? 0) * norm) / sum, 0)
    expect(reports[0]?.gradientSignal).toBeCloseTo(signal, 5)
    expect(reports[0]?.noiseScale).toBeLessThan(1e-4)
  })

  test.each([
    ['noiseScale.parts', () => noiseScale({ parts: 1 })],
    ['noiseScale.every', () => noiseScale({ every: 0 })],
    ['noiseScale.decay', () => noiseScale({ decay: 0 })],
    ['gradientNorm.every', () => gradientNorm({ every: 1.5 })],
    ['activations.rows', () => activations({ rows: -1 })],
    ['sharpness.rows', () => sharpness({ rows: Number.NaN })],
    ['sharpness.iterations', () => sharpness({ iterations: 0 })],
  ])('of impossible %s are refused', (path, make) => {
    expect(thrownBy(make)).toMatchObject({ code: 'option.invalid', path })
  })

  test('of one name come once', async () => {
    await expect(run({ probes: [gradientNorm(), gradientNorm()] })).rejects.toMatchObject({
      code: 'option.invalid',
      path: 'train.probes',
    })
  })
})
