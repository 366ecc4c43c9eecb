import type { Conv2DAttrs, KernelFunc, MaxPoolAttrs, Rank, Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { replaceKernel } from '../replace-kernel.ts'
import { type Margins, marginsOf, narrow, type Shape, shapeOf, widen, wideShape } from './margins.ts'

/** One call of a kernel, and the stock kernel to answer it with. */
interface Call {
  readonly attributes: NonNullable<Parameters<KernelFunc>[0]['attrs']>
  input(name: string): Tensor
  /** The stock kernel with padding "valid", and with these in place of its inputs and attributes. */
  stock(inputs: Readonly<Record<string, Tensor>>, attributes?: Readonly<Record<string, Shape>>): Tensor
}

/**
 * Gives convolutions and pooling paddings other than "same" and "valid", which tfjs-node refuses although TensorFlow.js has
 * them: margins are written out, and the kernels see a larger image and "valid". As in the other engines, a mean is one of
 * the numbers inside the image.
 */
export function mendPadding(tf: Tf): void {
  mendConvolution(tf, 'Conv2D', 'FusedConv2D', false)
  mendConvolution(tf, 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D', true)
  mendPooling(tf)
}

function mendConvolution(tf: Tf, name: string, fused: string, depthwise: boolean): void {
  const margins = ({ attributes }: Call, image: readonly number[], filter: readonly number[]) => {
    if (!isConvolution(attributes)) throw new DynotuneError('internal', `${name} is not called as expected.`)
    const { strides, dilations, pad, dimRoundingMode } = attributes
    const [x, w] = [shapeOf(image), shapeOf(filter)]
    return marginsOf(tf.backend_util.computeConv2DInfo(x, w, strides, dilations ?? 1, pad, dimRoundingMode, depthwise))
  }
  for (const forward of [name, fused]) {
    replace(tf, forward, (call) => {
      const x = call.input('x')
      return call.stock({ x: widen(tf, x, margins(call, x.shape, call.input('filter').shape), 0) })
    })
  }
  replace(tf, `${name}BackpropFilter`, (call) => {
    const x = call.input('x')
    return call.stock({ x: widen(tf, x, margins(call, x.shape, shapeOf(call.attributes.filterShape)), 0) })
  })
  replace(tf, `${name}BackpropInput`, (call) => {
    const shape = shapeOf(call.attributes.inputShape)
    const around = margins(call, shape, call.input('filter').shape)
    return narrow(tf, call.stock({}, { inputShape: wideShape(shape, around) }), around, shape)
  })
}

function mendPooling(tf: Tf): void {
  const margins = ({ attributes }: Call, { shape }: Tensor) => {
    if (!isPooling(attributes)) throw new DynotuneError('internal', 'Pooling is not called as expected.')
    const { filterSize, strides, pad, dimRoundingMode } = attributes
    return marginsOf(tf.backend_util.computePool2DInfo(shapeOf(shape), filterSize, strides, 1, pad, dimRoundingMode))
  }
  /** Which share of each window lies inside the image: the mean of ones amid zeros. */
  const shares = ({ attributes }: Call, { shape }: Tensor, around: Margins) => {
    if (!isPooling(attributes)) throw new DynotuneError('internal', 'Pooling is not called as expected.')
    const [, height, width] = shapeOf(shape)
    const ones = widen(tf, tf.ones<Rank.R4>([1, height, width, 1]), around, 0)
    return tf.avgPool(ones, attributes.filterSize, attributes.strides, 'valid')
  }
  replace(tf, 'MaxPool', (call) => {
    const x = call.input('x')
    return call.stock({ x: widen(tf, x, margins(call, x), Number.NEGATIVE_INFINITY) })
  })
  replace(tf, 'MaxPoolGrad', (call) => {
    const input = call.input('input')
    const around = margins(call, input)
    return narrow(tf, call.stock({ input: widen(tf, input, around, Number.NEGATIVE_INFINITY) }), around, input.shape)
  })
  replace(tf, 'AvgPool', (call) => {
    const x = call.input('x')
    const around = margins(call, x)
    return tf.div(call.stock({ x: widen(tf, x, around, 0) }), shares(call, x, around))
  })
  replace(tf, 'AvgPoolGrad', (call) => {
    const input = call.input('input')
    const around = margins(call, input)
    const dy = tf.div(call.input('dy'), shares(call, input, around))
    return narrow(tf, call.stock({ dy, input: widen(tf, input, around, 0) }), around, input.shape)
  })
}

/** What has been put in: back ends outlive engines, of which a process may make several. */
const own = new WeakSet<KernelFunc>()

/** Replaces a kernel for the paddings that the stock one refuses. */
function replace(tf: Tf, kernelName: string, compute: (call: Call) => Tensor): void {
  const config = tf.getKernel(kernelName, 'tensorflow')
  if (!config) throw new DynotuneError('internal', `The back end "tensorflow" has no ${kernelName}.`)
  if (own.has(config.kernelFunc)) return
  const asTensor = (value: unknown): Tensor => {
    if (value instanceof tf.Tensor) return value
    throw new DynotuneError('internal', `${kernelName} takes and returns tensors.`)
  }
  const kernelFunc: KernelFunc = (call) => {
    const { inputs, backend, attrs = {} } = call
    if (typeof attrs.pad === 'string' || attrs.dataFormat === 'NCHW') return config.kernelFunc(call)
    const input = (name: string) => asTensor(inputs[name])
    const stock: Call['stock'] = (others, more = {}) =>
      asTensor(
        config.kernelFunc({ inputs: { ...inputs, ...others }, backend, attrs: { ...attrs, pad: 'valid', ...more } }),
      )
    return tf.tidy(() => compute({ attributes: attrs, input, stock }))
  }
  own.add(kernelFunc)
  replaceKernel(tf, { ...config, kernelFunc })
}

function isConvolution(attributes: object): attributes is Conv2DAttrs {
  return 'strides' in attributes && 'pad' in attributes
}

function isPooling(attributes: object): attributes is MaxPoolAttrs {
  return isConvolution(attributes) && 'filterSize' in attributes
}
