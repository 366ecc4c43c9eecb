import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { uploadExamples } from '../../../bench/engines/examples.ts'
import { MODEL_NAMES, MODELS } from '../../../bench/engines/models/models.ts'
import { createEngine } from '../../../src/engine/engine.ts'
import { createRandom } from '../../../src/numerics/random.ts'
import type { Tf } from '../../../src/study/engine.ts'

/** `sum(p.numel() for p in model.parameters())` of PyTorch. */
const PARAMETERS = { mlp: 669_706, cnn: 264_262, dcn: 460_545, lstm: 266_800 }
const CLASSES = { mlp: 10, cnn: 25, dcn: 2, lstm: 2000 }
const peer = readFileSync(new URL('../../../bench/peers/torch_steps.py', import.meta.url), 'utf8')

describe.each(MODEL_NAMES)('%s', (name) => {
  const model = MODELS[name]
  const weights = model.init(createRandom(0, 0, 'weights'))
  let tf: Tf
  beforeAll(async () => {
    tf = await (await createEngine('cpu')).load()
  })

  test('has as many parameters as in PyTorch', () => {
    expect(weights.reduce((sum, { values }) => sum + values.length, 0)).toBe(PARAMETERS[name])
  })

  test('counts its work as its peer does', () => {
    const [, work = ''] = new RegExp(`"${name}": \\([\\s\\S]*?\\n        2 \\* \\((.*)\\),\\n`).exec(peer) ?? []
    expect(model.flops).toBe(2 * sumOfProducts(work))
  })

  test('knows nothing while its weights are zero, and passes a gradient to each of them', async () => {
    const batch = uploadExamples(tf, model, 1).next()
    const params = weights.map(({ shape }) => tf.zeros(shape))
    const loss = model.loss(tf, params, batch)
    expect((await loss.data())[0]).toBeCloseTo(Math.log(CLASSES[name]), 4)
    const { grads } = tf.valueAndGrads((...some) => model.loss(tf, some, batch))(params)
    expect(grads.map(({ shape }) => shape)).toEqual(weights.map(({ shape }) => shape))
  })
})

/** `2 * (a * b + c)`, with one level of brackets. */
function sumOfProducts(text: string): number {
  const flat = text.replace(/\(([^()]*)\)/g, (_, inner: string) => String(sumOfProducts(inner)))
  return flat
    .split('+')
    .map((term) => term.split('*').reduce((product, factor) => product * Number(factor), 1))
    .reduce((sum, term) => sum + term, 0)
}
