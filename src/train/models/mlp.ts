import { type Activation, activate, initializerOf } from '../layers/activation.ts'
import { dense, denseParameters } from '../layers/dense.ts'
import { dropout } from '../layers/dropout.ts'
import { glorotUniform, INITIALIZERS, type InitializerName } from '../layers/initializers.ts'
import { isCentered, type Norm, norm, normParameters } from '../layers/norm.ts'
import { project, projectParameters } from '../layers/project.ts'
import { checkActivation, checkCount, checkNorm, checkOneOf, checkShare } from './check.ts'
import { featuresOf } from './features.ts'
import type { Model } from './model.ts'
import { countOutputs, type Outputs } from './outputs.ts'

export type MlpConfig = Outputs & {
  /** Values a row. */
  readonly inputs: number
  /** Units of each hidden layer, first to last; none makes a linear model. */
  readonly hidden: readonly number[]
  /** Default `relu`. */
  readonly activation?: Activation
  /** Before the activation. Default none. */
  readonly norm?: Norm
  /** Share of hidden units dropped while training, in [0, 1). Default 0. */
  readonly dropout?: number
  /** Adds the input of each hidden layer to its output, by way of a kernel where their widths differ. Default false. */
  readonly residual?: boolean
  /** Of the hidden layers. Default: by activation. */
  readonly initializer?: InitializerName
}

/**
 * Dense layers over `features` [rows, …]: `hidden0`, `hidden1`, … and `head`.
 * @throws DynotuneError `model.invalid`, with the path to the field
 */
export function mlp(config: MlpConfig): Model {
  const { inputs, hidden, activation = 'relu', norm: how = { kind: 'none' }, dropout: rate = 0 } = config
  const { residual = false, initializer = initializerOf(activation) } = config
  const outputs = countOutputs('mlp', config)
  checkCount('mlp.inputs', inputs)
  for (const [layer, width] of hidden.entries()) checkCount(`mlp.hidden.${layer}`, width)
  checkActivation('mlp.activation', activation)
  checkNorm('mlp.norm', how)
  checkShare('mlp.dropout', rate)
  checkOneOf('mlp.initializer', initializer, Object.keys(INITIALIZERS))

  const init = INITIALIZERS[initializer]
  const layers = hidden.map((width, i) => ({ name: `hidden${i}`, width, from: hidden[i - 1] ?? inputs }))
  return {
    parameters: [
      ...layers.flatMap(({ name, width, from }) => [
        ...(isCentered(how) ? projectParameters : denseParameters)(name, from, width, init),
        ...normParameters(`${name}/norm`, width, how),
        ...(residual && from !== width ? projectParameters(`${name}/shortcut`, from, width, glorotUniform) : []),
      ]),
      ...denseParameters('head', hidden.at(-1) ?? inputs, outputs, glorotUniform),
    ],
    apply(forward, batch) {
      let h = featuresOf(forward.tf, batch, [inputs])
      for (const { name, width, from } of layers) {
        const linear = (isCentered(how) ? project : dense)(forward, name, h)
        const active = activate(forward, name, norm(forward, `${name}/norm`, linear, how), activation)
        const kept = dropout(forward, active, rate)
        const shortcut = () => (from === width ? h : project(forward, `${name}/shortcut`, h))
        h = residual ? forward.tf.add(shortcut(), kept) : kept
      }
      return dense(forward, 'head', h)
    },
  }
}
