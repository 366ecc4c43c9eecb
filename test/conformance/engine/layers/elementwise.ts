import type { Tensor } from '@tensorflow/tfjs-core'
import type { Tf } from '../../../../src/study/engine.ts'
import { apart, type Filling, floats, given, ints, normal, positive } from '../draw.ts'
import { layer } from '../layer-case.ts'

type Unary = (tf: Tf, x: Tensor) => Tensor

const smooth: Record<string, Unary> = {
  erf: (tf, x) => tf.erf(x),
  softplus: (tf, x) => tf.softplus(x),
  tanh: (tf, x) => tf.tanh(x),
  exp: (tf, x) => tf.exp(x),
  expm1: (tf, x) => tf.expm1(x),
  square: (tf, x) => tf.square(x),
  neg: (tf, x) => tf.neg(x),
  'gelu, by erf': (tf, x) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1)),
  'gelu, by tanh': (tf, x) =>
    tf.mul(
      tf.mul(x, 0.5),
      tf.add(tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))))), 1),
    ),
  silu: (tf, x) => tf.mul(x, tf.sigmoid(x)),
  mish: (tf, x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  'x³': (tf, x) => tf.pow(x, 3),
}

const kinked: Record<string, Unary> = {
  relu: (tf, x) => tf.relu(x),
  relu6: (tf, x) => tf.relu6(tf.mul(x, 10)),
  elu: (tf, x) => tf.elu(x),
  selu: (tf, x) => tf.selu(x),
  leakyRelu: (tf, x) => tf.leakyRelu(x, 0.1),
  abs: (tf, x) => tf.abs(x),
  clip: (tf, x) => tf.clipByValue(x, -0.51, 0.33),
  'hard sigmoid': (tf, x) => tf.clipByValue(tf.add(tf.mul(x, 1.3), 0.5), 0, 1),
  step: (tf, x) => tf.step(x),
  sign: (tf, x) => tf.sign(x),
}

const ofPositive: Record<string, Unary> = {
  log: (tf, x) => tf.log(x),
  log1p: (tf, x) => tf.log1p(x),
  sqrt: (tf, x) => tf.sqrt(x),
  rsqrt: (tf, x) => tf.rsqrt(x),
  reciprocal: (tf, x) => tf.reciprocal(x),
  'x to 0.7': (tf, x) => tf.pow(x, 0.7),
}

const unary = (functions: Record<string, Unary>, filling?: Filling, options?: { readonly tolerance: number }) =>
  Object.entries(functions).map(([name, f]) =>
    layer(name, { x: floats([5, 7], filling) }, (tf, { x }) => f(tf, x), options),
  )

type Binary = (tf: Tf, a: Tensor, b: Tensor) => Tensor

const binary: Record<string, Binary> = {
  add: (tf, a, b) => tf.add(a, b),
  sub: (tf, a, b) => tf.sub(a, b),
  mul: (tf, a, b) => tf.mul(a, b),
  div: (tf, a, b) => tf.div(a, b),
  pow: (tf, a, b) => tf.pow(a, b),
  squaredDifference: (tf, a, b) => tf.squaredDifference(a, b),
  maximum: (tf, a, b) => tf.maximum(a, b),
  minimum: (tf, a, b) => tf.minimum(a, b),
}

const broadcasts = [
  [
    [5, 7],
    [5, 7],
  ],
  [[5, 7], [7]],
  [[7], [5, 7]],
  [
    [5, 1],
    [1, 7],
  ],
  [
    [2, 3, 5],
    [3, 1],
  ],
  [[5, 7], []],
  [
    [2, 3, 4, 5],
    [1, 4, 1],
  ],
] as const

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number
const spoilt = floats([2, 4], given(nan, infinity, -infinity, 0, -1, 1, -0, nan))

const ofSpoilt: Record<string, Unary> = {
  relu: (tf, x) => tf.relu(x),
  'fused relu': (tf, x) => tf.fused.matMul({ a: tf.reshape(x, [8, 1]), b: tf.ones([1, 1]), activation: 'relu' }),
  tanh: (tf, x) => tf.tanh(x),
  sigmoid: (tf, x) => tf.sigmoid(x),
  softplus: (tf, x) => tf.softplus(x),
  exp: (tf, x) => tf.exp(x),
  abs: (tf, x) => tf.abs(x),
  add: (tf, x) => tf.add(x, 1),
  mul: (tf, x) => tf.mul(x, 0),
  sum: (tf, x) => tf.sum(x, 1),
  mean: (tf, x) => tf.mean(x),
  'is not a number': (tf, x) => tf.isNaN(x),
  'is finite': (tf, x) => tf.isFinite(x),
}

/** WebGPU promises an error of at most 2⁻¹¹ (WGSL, section "Floating point accuracy"). */
const periodic: Record<string, Unary> = {
  sin: (tf, x) => tf.sin(x),
  cos: (tf, x) => tf.cos(x),
}

export const elementwise = [
  ...unary(smooth),
  ...unary(periodic, normal, { tolerance: 1e-3 }),
  ...unary(kinked, apart),
  layer('relu of many', { x: floats([3, 4099]) }, (tf, { x }) => tf.relu(x), { rough: true }),
  layer('a sum of many with a few', { x: floats([131, 67]), y: floats([67]) }, (tf, { x, y }) => tf.tanh(tf.add(x, y))),
  ...unary(ofPositive, positive),
  layer('softplus of extremes', { x: floats([6], given(-100, -20, -1e-3, 20, 50, 1000)) }, (tf, { x }) =>
    tf.softplus(x),
  ),
  layer('erf of extremes', { x: floats([8], given(-30, -4, -1e-3, 0, 1e-3, 0.5, 3, 30)) }, (tf, { x }) => tf.erf(x)),
  layer('clip at its bounds', { x: floats([4], given(-2, -1, 1, 2)) }, (tf, { x }) => tf.clipByValue(x, -1, 1), {
    rough: true,
  }),
  layer('prelu', { x: floats([4, 6], apart), alpha: floats([1, 6], positive) }, (tf, { x, alpha }) =>
    tf.prelu(x, alpha),
  ),
  ...Object.entries(binary).flatMap(([name, f]) =>
    broadcasts.map(([a, b]) =>
      layer(`${name} [${a}] and [${b}]`, { a: floats(a, positive), b: floats(b, positive) }, (tf, x) =>
        f(tf, x.a, x.b),
      ),
    ),
  ),
  layer('a choice by condition', { x: floats([5, 3]), y: floats([5, 3]), c: ints([5, 3], 2) }, (tf, { x, y, c }) =>
    tf.where(tf.cast(c, 'bool'), x, y),
  ),
  ...Object.entries(ofSpoilt).map(([name, f]) =>
    // What is compared is whether they get through forward.
    layer(`${name} of not-a-number and infinity`, { x: spoilt }, (tf, { x }) => f(tf, x), { gradients: false }),
  ),
]
