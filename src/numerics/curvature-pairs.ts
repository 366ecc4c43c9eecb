/** Where a function was evaluated, and what was found there. */
export interface Place {
  readonly x: Float64Array
  readonly gradient: Float64Array
  value: number
}

/** The last steps of a minimisation with the changes of the gradient along them: an inverse Hessian in little memory. */
export interface CurvaturePairs {
  readonly isEmpty: () => boolean
  /** Adds a step. One along which the gradient did not grow is left out: the Hessian is to be positive definite. */
  add(from: Place, to: Place): void
  clear(): void
  /**
   * Writes -H gradient into `out`, with the inverse Hessian H of the variables that are free (1 in `free`, the others 0), by
   * the two-loop recursion (Nocedal and Wright, "Numerical Optimization", algorithm 7.4). A variable that is not free gets
   * its own gradient alone, to the same scale.
   */
  direction(gradient: Float64Array, free: Float64Array, out: Float64Array): void
}

/** The curvature along a step, relative to that along the change of the gradient, below which it is rounding error. */
const LEAST = 1e-10

export function createCurvaturePairs(size: number, memory: number): CurvaturePairs {
  const steps = new Float64Array(memory * size)
  const changes = new Float64Array(memory * size)
  /** Of each pair: step · change, among the free variables; 0 where that tells nothing. */
  const products = new Float64Array(memory)
  const shares = new Float64Array(memory)
  let added = 0
  let count = 0

  function add(from: Place, to: Place): void {
    let product = 0
    let square = 0
    for (let i = 0; i < size; i++) {
      const change = (to.gradient[i] ?? 0) - (from.gradient[i] ?? 0)
      product += ((to.x[i] ?? 0) - (from.x[i] ?? 0)) * change
      square += change * change
    }
    if (!(product > LEAST * square)) return
    const start = (added % memory) * size
    for (let i = 0; i < size; i++) {
      steps[start + i] = (to.x[i] ?? 0) - (from.x[i] ?? 0)
      changes[start + i] = (to.gradient[i] ?? 0) - (from.gradient[i] ?? 0)
    }
    added++
    count = Math.min(memory, count + 1)
  }

  function direction(gradient: Float64Array, free: Float64Array, out: Float64Array): void {
    // What a step's length is to the change of the gradient along it, by the newest step that tells.
    let scale = 0
    for (let i = 0; i < size; i++) out[i] = -(gradient[i] ?? 0) * (free[i] ?? 0)
    for (let age = 0; age < count; age++) {
      const pair = (added - 1 - age) % memory
      const start = pair * size
      let product = 0
      let square = 0
      let along = 0
      for (let i = 0; i < size; i++) {
        const change = (changes[start + i] ?? 0) * (free[i] ?? 0)
        product += (steps[start + i] ?? 0) * change
        square += change * change
        along += (steps[start + i] ?? 0) * (out[i] ?? 0)
      }
      const tells = product > LEAST * square
      products[pair] = tells ? product : 0
      if (!tells) continue
      if (scale === 0) scale = product / square
      shares[pair] = along / product
      subtract(changes, start, along / product, free, out)
    }
    if (scale === 0) scale = 1
    for (let i = 0; i < size; i++) out[i] = scale * (free[i] === 1 ? (out[i] ?? 0) : -(gradient[i] ?? 0))
    for (let age = count - 1; age >= 0; age--) {
      const pair = (added - 1 - age) % memory
      const product = products[pair] ?? 0
      if (product === 0) continue
      let along = 0
      for (let i = 0; i < size; i++) along += (changes[pair * size + i] ?? 0) * (out[i] ?? 0) * (free[i] ?? 0)
      subtract(steps, pair * size, along / product - (shares[pair] ?? 0), free, out)
    }
  }

  function clear(): void {
    count = 0
  }

  return { isEmpty: () => count === 0, add, clear, direction }
}

/** Takes a multiple of a row from the free variables of `out`. */
function subtract(rows: Float64Array, start: number, factor: number, free: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) - factor * (rows[start + i] ?? 0) * (free[i] ?? 0)
}
