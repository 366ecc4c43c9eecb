import type { NativeCall, NativeOperation } from '../../../src/engine/tensorflow/native-steps/native-step.ts'

/** What the documentation of TensorFlow says that its operations do to variables, of one element. */
const MEANINGS: Record<string, (targets: readonly number[], rest: readonly number[]) => number[]> = {
  Adam([p = 0, m = 0, v = 0], [power1 = 0, power2 = 0, rate = 0, beta1 = 0, beta2 = 0, epsilon = 0, g = 0]) {
    const mean = beta1 * m + (1 - beta1) * g
    const squares = beta2 * v + (1 - beta2) * g * g
    const corrected = (rate * Math.sqrt(1 - power2)) / (1 - power1)
    return [p - (corrected * mean) / (Math.sqrt(squares) + epsilon), mean, squares]
  },
  AdamWithAmsgrad(
    [p = 0, m = 0, v = 0, largest = 0],
    [power1 = 0, power2 = 0, rate = 0, beta1 = 0, beta2 = 0, epsilon = 0, g = 0],
  ) {
    const mean = beta1 * m + (1 - beta1) * g
    const squares = beta2 * v + (1 - beta2) * g * g
    const next = Math.max(largest, squares)
    const corrected = (rate * Math.sqrt(1 - power2)) / (1 - power1)
    return [p - (corrected * mean) / (Math.sqrt(next) + epsilon), mean, squares, next]
  },
  RMSProp([p = 0, s = 0, mom = 0], [rate = 0, decay = 0, momentum = 0, epsilon = 0, g = 0]) {
    const squares = decay * s + (1 - decay) * g * g
    const moved = momentum * mom + (rate * g) / Math.sqrt(squares + epsilon)
    return [p - moved, squares, moved]
  },
  AdagradV2([p = 0, a = 0], [rate = 0, epsilon = 0, g = 0]) {
    return [p - (rate * g) / (Math.sqrt(a + g * g) + epsilon), a + g * g]
  },
  'AdagradV2 without update_slots'([p = 0, a = 0], [rate = 0, epsilon = 0, g = 0]) {
    return [p - (rate * g) / (Math.sqrt(a) + epsilon), a]
  },
  Adadelta([p = 0, s = 0, d = 0], [rate = 0, decay = 0, epsilon = 0, g = 0]) {
    const squares = decay * s + (1 - decay) * g * g
    const update = (Math.sqrt(d + epsilon) / Math.sqrt(squares + epsilon)) * g
    return [p - rate * update, squares, decay * d + (1 - decay) * update * update]
  },
  Momentum([p = 0, v = 0], [rate = 0, g = 0, momentum = 0]) {
    const velocity = momentum * v + g
    return [p - rate * velocity, velocity]
  },
  'Momentum with use_nesterov'([p = 0, v = 0], [rate = 0, g = 0, momentum = 0]) {
    const velocity = momentum * v + g
    return [p - rate * (g + momentum * velocity), velocity]
  },
  GradientDescent: ([x = 0], [rate = 0, g = 0]) => [x - rate * g],
  FtrlV2([p = 0, n = 0, z = 0], [g = 0, rate = 0, l1 = 0, l2 = 0, shrinkage = 0, power = 0]) {
    const squares = n + g * g
    const next = z + g + 2 * shrinkage * p - ((squares ** -power - n ** -power) / rate) * p
    const pull = Math.abs(next) > l1 ? Math.sign(next) * l1 - next : 0
    return [pull / (squares ** -power / rate + 2 * l2), squares, next]
  },
}

function meaningOf({ name, flags = {} }: NativeOperation) {
  const ways = Object.entries(flags).flatMap(([flag, value]) => {
    if (flag === 'update_slots') return value ? [] : [' without update_slots']
    return value ? [` with ${flag}`] : []
  })
  const meaning = MEANINGS[`${name.replace('ResourceApply', '')}${ways.join()}`]
  if (meaning) return meaning
  throw new Error(`no meaning of ${name}${ways.join()}`)
}

/**
 * The variables of one element after the operations.
 * @param inputs of the program
 */
export function simulate({ variables, operations }: NativeCall, inputs: readonly number[]): number[] {
  const values = variables.map((place) => inputs[place] ?? Number.NaN)
  for (const operation of operations) {
    const { targets, rest } = operation
    const taken = rest.map((each) => (typeof each === 'number' ? each : (inputs[each.input] ?? Number.NaN)))
    const after = meaningOf(operation)(
      targets.map((target) => values[target] ?? Number.NaN),
      taken,
    )
    for (const [i, target] of targets.entries()) values[target] = after[i] ?? Number.NaN
  }
  return values
}
