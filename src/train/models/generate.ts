import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Random } from '../../numerics/random.ts'
import type { Tf } from '../../study/engine.ts'
import { forward } from './forward.ts'
import type { Model } from './model.ts'

export interface GenerateOptions {
  /** Tokens to add, at most. */
  readonly count: number
  /** Tokens that the model is shown: the last so many, or fewer and padding before them. */
  readonly window: number
  /** Logits are divided by it: below 1 what is likely gets likelier, 0 takes the likeliest always. Default 1. */
  readonly temperature?: number
  /** What tokens are drawn from. */
  readonly random: Random
  /** The token that ends a text; it is not returned. */
  readonly end?: number
}

/**
 * Continues a text, one token at a time, each drawn from what the model gives for the next one. Padding is never drawn.
 * @param model of `tokens`, with logits of the next token, [rows, vocabulary], or of that after each, [rows, length, vocabulary]
 * @param prompt where it is empty, the model is shown padding alone
 * @returns the tokens added
 * @throws DynotuneError `option.invalid`; `model.invalid` when the model gives no numbers
 */
export async function generate(
  tf: Tf,
  model: Model,
  params: readonly Tensor[],
  prompt: readonly number[],
  { count, window, temperature = 1, random, end }: GenerateOptions,
): Promise<number[]> {
  check('temperature', temperature, temperature >= 0, 'a number from 0 on')
  check('window', window, Number.isInteger(window) && window > 0, 'a positive whole number')
  const tokens = [...prompt]
  while (tokens.length < prompt.length + count) {
    const token = draw(await nextLogits(tf, model, params, tokens.slice(-window), window), temperature, random)
    if (token === end) break
    tokens.push(token)
  }
  return tokens.slice(prompt.length)
}

function check(path: string, value: number, valid: boolean, wanted: string): void {
  if (valid) return
  throw new DynotuneError('option.invalid', `The ${path} is not ${wanted}.`, { path, value, remedy: `give ${wanted}` })
}

async function nextLogits(
  tf: Tf,
  model: Model,
  params: readonly Tensor[],
  tokens: readonly number[],
  window: number,
): Promise<ArrayLike<number>> {
  const shown = new Int32Array(window)
  shown.set(tokens, window - tokens.length)
  const logits = tf.tidy(() => {
    const inputs = { tokens: tf.tensor2d(shown, [1, window], 'int32') }
    const outputs = model.apply(forward(tf, model, params, inputs), inputs)
    const vocabulary = outputs.shape.at(-1) ?? 0
    return tf.slice(tf.reshape(outputs, [-1]), outputs.size - vocabulary, vocabulary)
  })
  try {
    return await logits.data()
  } finally {
    logits.dispose()
  }
}

/** A token from 1 on, with probability in proportion to e^(logit / temperature). */
function draw(logits: ArrayLike<number>, temperature: number, random: Random): number {
  const candidates = Array.from(logits).slice(1)
  const largest = candidates.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (!Number.isFinite(largest)) {
    throw new DynotuneError('model.invalid', 'The model gives no finite logits: it has diverged.', { value: largest })
  }
  if (temperature === 0) return 1 + candidates.indexOf(largest)
  const weights = candidates.map((logit) => Math.exp((logit - largest) / temperature))
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0)
  const place = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  // Rounding may leave a little more than there is.
  return 1 + (place < 0 ? candidates.indexOf(largest) : place)
}
