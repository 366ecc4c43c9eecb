import { bool, choice, float, int } from '../../../src/space/domain.ts'
import { type Problem, problem } from './problem.ts'

/*
 * What the tuning of training looks like, in closed form: losses that are flat far away and round near the best, rates on log
 * scales whose best values move with one another, options that shift everything by a little, integers, branches, cliffs.
 */

const { log10, log2, exp } = Math
const log = { scale: 'log' } as const

/** Far away a loss is that of guessing: what is gained by going there levels off at `height`. */
function saturate(height: number, f: number): number {
  return height * (1 - exp(-f))
}

const MIX = {
  offset: { sgd: -0.5, momentum: -1.5, adam: -3 },
  optimizer: { sgd: 0.15, momentum: 0.05, adam: 0 },
  activation: { relu: 0.02, tanh: 0.2, gelu: 0 },
} as const

/** Eight mixed parameters. The best width, 181, is between two steps. */
const mixhpo8 = problem({
  name: 'mixhpo8',
  space: {
    learningRate: float(1e-5, 1, log),
    weightDecay: float(1e-6, 1, log),
    oneMinusBeta: float(1e-3, 0.5, log),
    batchSize: int(16, 1024, log),
    width: int(16, 512, { step: 16 }),
    depth: int(1, 8),
    optimizer: choice(['sgd', 'momentum', 'adam']),
    activation: choice(['relu', 'tanh', 'gelu']),
  },
  best: saturate(2.3, 0.2 * ((log2(176) - 7.5) / 2) ** 2),
  value: ({ learningRate, weightDecay, oneMinusBeta, batchSize, width, depth, optimizer, activation }) =>
    saturate(
      2.3,
      0.6 * (log10(learningRate) - MIX.offset[optimizer] - 0.5 * log10(batchSize / 256)) ** 2 +
        0.15 * (1 + (0.3 * depth) / 8) * (log10(weightDecay) + 4) ** 2 +
        0.1 * ((depth - 4) / 2) ** 2 +
        0.2 * ((log2(width) - 7.5) / 2) ** 2 +
        0.1 * (log10(oneMinusBeta) + 1) ** 2 +
        MIX.optimizer[optimizer] +
        MIX.activation[activation],
    ),
})

/** Each optimizer with rates of its own. Momentum and rate make one step together; decay shrinks with the rate. */
const optimizerChoice = problem({
  name: 'optimizerChoice',
  space: {
    optimizer: choice({
      sgd: { learningRate: float(1e-4, 10, log), momentum: float(0, 0.99, { scale: 'reverseLog' }), nesterov: bool() },
      adam: {
        learningRate: float(1e-5, 0.1, log),
        beta1: float(0.5, 0.98, { scale: 'reverseLog' }),
        beta2: float(0.9, 0.9999, { scale: 'reverseLog' }),
        epsilon: float(1e-10, 1e-2, log),
      },
      lion: { learningRate: float(1e-6, 1e-2, log), beta: float(0.8, 0.995, { scale: 'reverseLog' }) },
    }),
    weightDecay: float(1e-7, 0.1, log),
    warmup: float(0, 0.3),
    dropout: float(0, 0.6),
  },
  best: 0,
  value({ optimizer, weightDecay, warmup, dropout }) {
    const rest = 0.08 * (log10(weightDecay) + 4.2) ** 2 + 3 * (dropout - 0.17) ** 2
    if (optimizer.kind === 'sgd') {
      const { learningRate, momentum, nesterov } = optimizer
      const step = log10(learningRate) - log10(1 - momentum)
      const f = 0.5 * (step - 0.3) ** 2 + 0.06 * (log10(1 - momentum) + 1.2) ** 2 + 2 * (warmup - 0.05) ** 2
      return saturate(2, 0.04 + f + rest + (nesterov ? 0 : 0.015))
    }
    if (optimizer.kind === 'lion') {
      const { learningRate, beta } = optimizer
      const f = 0.7 * (log10(learningRate) + 4) ** 2 + 0.1 * (log10(1 - beta) + 1.4) ** 2 + 4 * (warmup - 0.15) ** 2
      return saturate(2, 0.02 + f + rest)
    }
    const { learningRate, beta1, beta2, epsilon } = optimizer
    // A large epsilon takes part of the step away, and a longer warm-up allows a larger one.
    const step = log10(learningRate) - 0.4 * log10(1 + epsilon / 1e-5)
    const f =
      0.6 * (step + 2.9 - 1.5 * (warmup - 0.1)) ** 2 +
      0.08 * (log10(1 - beta1) + 1) ** 2 +
      0.05 * (log10(1 - beta2) + 2.5) ** 2 +
      2 * (warmup - 0.1) ** 2
    return saturate(2, f + rest)
  },
})

/**
 * Training goes better the larger the rate, until it diverges: at a rate that falls with momentum, depth and the size of the
 * first weights. The best is a tenth of a decade below the cliff.
 */
const cliff = problem({
  name: 'cliff',
  space: {
    learningRate: float(1e-4, 10, log),
    momentum: float(0, 0.99, { scale: 'reverseLog' }),
    initialScale: float(0.1, 10, log),
    depth: int(1, 12),
    width: int(32, 1024, { scale: 'log', step: 2 }),
    batchSize: int(16, 512, { scale: 'log', step: 2 }),
  },
  best: 0,
  infeasible: true,
  value({ learningRate, momentum, initialScale, depth, width, batchSize }) {
    const scale = log10(initialScale)
    const limit =
      0.3 - 0.06 * (depth - 6) + 0.3 * log10(batchSize / 128) - 0.5 * Math.max(0, scale) - 0.2 * log2(width / 256)
    const margin = limit - (log10(learningRate) - 0.8 * log10(1 - momentum))
    if (margin < 0) return Number.NaN
    const f =
      0.35 * (margin - 0.1) ** 2 +
      0.1 * (log10(1 - momentum) + 1) ** 2 +
      0.3 * scale ** 2 +
      0.02 * (depth - 6) ** 2 +
      0.05 * log2(width / 256) ** 2 +
      0.03 * log2(batchSize / 128) ** 2
    return saturate(1.5, f)
  },
})

/** Five parameters seen through noise: two trials of the same setting differ by as much as most settings near the best do. */
const noisy = problem({
  name: 'noisy',
  space: {
    learningRate: float(1e-5, 1, log),
    weightDecay: float(1e-6, 1, log),
    dropout: float(0, 0.7),
    batchSize: int(16, 512, { scale: 'log', step: 2 }),
    labelSmoothing: float(0, 0.3),
  },
  best: 0,
  noise: 0.02,
  value({ learningRate, weightDecay, dropout, batchSize, labelSmoothing }) {
    const step = log10(learningRate) + 2.5 - 0.5 * log10(batchSize / 64)
    // Two kinds of regularisation that do the same work.
    const regularisation = 0.5 * (log10(weightDecay) + 3.5) + 3 * (dropout - 0.25)
    const f =
      0.4 * step ** 2 + 0.3 * regularisation ** 2 + 0.5 * (dropout - 0.25) ** 2 + 2 * (labelSmoothing - 0.1) ** 2
    return saturate(1, f)
  },
})

/** How wide each layer is, where how many there are is a choice: later layers exist in deeper networks only. */
const layers = problem({
  name: 'layers',
  space: {
    learningRate: float(1e-5, 0.1, log),
    activation: choice(['relu', 'gelu', 'swish', 'tanh']),
    network: choice({
      one: { width1: int(8, 1024, log) },
      two: { width1: int(8, 1024, log), width2: int(8, 1024, log) },
      three: { width1: int(8, 1024, log), width2: int(8, 1024, log), width3: int(8, 1024, log), skip: bool() },
    }),
  },
  best: 0,
  value({ learningRate, activation, network }) {
    const shift = { relu: 0.03, gelu: 0.01, swish: 0, tanh: 0.12 }[activation]
    const off = (width: number, target: number) => 0.05 * log2(width / target) ** 2
    const rate = (target: number) => 0.5 * (log10(learningRate) - target) ** 2
    if (network.kind === 'one') return saturate(1.2, shift + rate(-2) + off(network.width1, 512) + 0.15)
    if (network.kind === 'two')
      return saturate(1.2, shift + rate(-2.6) + off(network.width1, 256) + off(network.width2, 64) + 0.03)
    const { width1, width2, width3, skip } = network
    const f = rate(skip ? -2.8 : -3.4) + off(width1, 256) + off(width2, 128) + off(width3, 32) + (skip ? 0 : 0.05)
    return saturate(1.2, shift + f)
  },
})

/** Integers and options only, as architectures have them: 92,160 in all. The best has 5 blocks of kernel 3 at stride 2. */
const integers = problem({
  name: 'integers',
  space: {
    blocks: int(1, 8),
    filters: int(8, 256, { scale: 'log', step: 2 }),
    kernel: choice([3, 5, 7, 9]),
    dense: int(32, 1024, { scale: 'log', step: 2 }),
    pooling: choice(['max', 'average']),
    batchNorm: bool(),
    growth: int(1, 10),
    stride: int(1, 2),
  },
  best: 0,
  value({ blocks, filters, kernel, dense, pooling, batchNorm, growth, stride }) {
    // The field of view is what kernel, blocks and stride make together.
    const view = 1 + blocks * (kernel - 1) * stride
    // Deep networks without normalisation hardly train.
    const untrained = batchNorm ? 0 : 0.02 * blocks ** 1.5
    const f =
      0.15 * log2(view / 21) ** 2 +
      0.08 * log2(filters / 64) ** 2 +
      0.04 * log2(dense / 256) ** 2 +
      0.015 * (growth - 4 - 0.5 * (blocks - 5)) ** 2 +
      0.02 * (blocks - 5) ** 2 +
      untrained +
      (pooling === 'max' ? 0 : 0.03) +
      (stride === 1 ? 0.04 : 0)
    return saturate(1.5, f)
  },
})

/** Everything at once: branches, a cliff within one of them, noise. */
const everything = problem({
  name: 'everything',
  space: {
    optimizer: choice({
      sgd: { learningRate: float(1e-3, 10, log), momentum: float(0, 0.99, { scale: 'reverseLog' }) },
      adam: { learningRate: float(1e-5, 0.1, log) },
    }),
    schedule: choice({
      constant: {},
      cosine: { warmup: float(0, 0.3) },
      step: { factor: float(0.05, 0.9), drops: int(1, 5) },
    }),
    batchSize: int(16, 512, { scale: 'log', step: 2 }),
    weightDecay: float(1e-6, 0.1, log),
    clip: bool(),
  },
  best: 0,
  noise: 0.005,
  infeasible: true,
  value({ optimizer, schedule, batchSize, weightDecay, clip }) {
    const batch = 0.5 * log10(batchSize / 64)
    const slack = (clip ? 0.6 : 0) + (schedule.kind === 'cosine' ? 2 * schedule.warmup : 0)
    let f = 0.05 * (log10(weightDecay) + 3.5) ** 2 + 0.02 * log2(batchSize / 64) ** 2 + (clip ? 0 : 0.02)
    if (optimizer.kind === 'sgd') {
      const step = log10(optimizer.learningRate) - log10(1 - optimizer.momentum) - batch
      if (step > 0.9 + slack) return Number.NaN
      f += 0.4 * (step - 0.7) ** 2 + 0.08 * (log10(1 - optimizer.momentum) + 1) ** 2
    } else {
      const step = log10(optimizer.learningRate) - batch
      if (step > -1.8 + slack) return Number.NaN
      f += 0.04 + 0.5 * (step + 2.8) ** 2
    }
    if (schedule.kind === 'cosine') f += 2 * (schedule.warmup - 0.08) ** 2
    else if (schedule.kind === 'step') f += 0.02 + 0.3 * (schedule.factor - 0.3) ** 2 + 0.01 * (schedule.drops - 3) ** 2
    else f += 0.12
    return saturate(1.8, f)
  },
})

export const TUNING: readonly Problem[] = [mixhpo8, optimizerChoice, cliff, noisy, layers, integers, everything]
