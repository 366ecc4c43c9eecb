import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core'
import { sizeOf } from '../../numerics/size-of.ts'
import { numbersOf } from './attributes.ts'
import { finisher } from './fused.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { mover } from './move.ts'
import { WORD } from './shape.ts'
import { add, floats, get, i32, locals, loop, mul, params, set, sub } from './wat.ts'
import { convolutionWindow, WINDOW, type Window, windowArguments } from './window.ts'

/**
 * The gradients of depthwise convolution, which the back end lacks. Its own forward pass is XNNPACK's and quick, but wrong
 * where the strides are longer than the window. Where a channel has several filters, it is first repeated as often, and
 * from then on each channel has one.
 */
export function depthwiseKernels(context: KernelContext): Record<string, KernelFunc> {
  const { tf, heap, native, run, stock } = context
  const [toOutput, addTo] = [native('depthwise'), native('addTo')]
  const [toImages, toFilter] = [native('depthwiseToImages'), native('depthwiseToFilter')]
  const stocks = { plain: stock('DepthwiseConv2dNative'), fused: stock('FusedDepthwiseConv2D') }
  const move = mover(context)
  const finish = finisher(context)

  /** The images with each channel as often as it has filters. */
  function repeated(x: TensorInfo, { outChannels, inChannels }: Window): TensorInfo {
    if (outChannels === inChannels) return heap.share(x)
    const times = outChannels / inChannels
    const length = sizeOf(x.shape)
    const wide = heap.output([...x.shape.slice(0, 3), outChannels])
    move(heap.address(x), heap.address(wide), [
      { length, from: 1, to: times },
      { length: times, from: 0, to: 1 },
    ])
    return wide
  }

  /** Nothing where XNNPACK may do it. */
  function skipping({ inputs, attrs }: Parameters<KernelFunc>[0]): TensorInfo | undefined {
    const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')]
    assertSupported(attrs, x, filter)
    const window = convolutionWindow(tf, x.shape, filter.shape, attrs, true)
    const { strideHeight, strideWidth, filterHeight, filterWidth } = window
    if (strideHeight <= filterHeight && strideWidth <= filterWidth) return undefined
    const images = repeated(x, window)
    const y = heap.zeros(window.outShape)
    const tensors = [heap.address(images), heap.address(filter), heap.address(y)]
    toOutput(...tensors, window.batchSize, window.outChannels, ...windowArguments(window))
    heap.dispose(images)
    return y
  }

  function assertSupported(attrs: NamedAttrMap | undefined, ...tensors: readonly TensorInfo[]): void {
    const { dataFormat = 'NHWC' } = attrs ?? {}
    tf.util.assert(dataFormat === 'NHWC', () => `The wasm engine has no depthwise convolution of ${dataFormat} images.`)
    for (const { dtype } of tensors) {
      tf.util.assert(dtype === 'float32', () => `The wasm engine convolves float32 images, not ${dtype}.`)
    }
  }

  return {
    DepthwiseConv2dNative: (call) => skipping(call) ?? stocks.plain(call),

    FusedDepthwiseConv2D(call) {
      const y = skipping(call)
      return y ? finish(y, call.inputs, call.attrs) : stocks.fused(call)
    },

    DepthwiseConv2dNativeBackpropInput({ inputs, attrs }) {
      const [dy, filter] = [input(inputs, 'dy'), input(inputs, 'filter')]
      assertSupported(attrs, dy, filter)
      const window = convolutionWindow(tf, numbersOf(attrs, 'inputShape'), filter.shape, attrs, true)
      const { inShape, inChannels, outChannels } = window
      const wide = heap.zeros([...inShape.slice(0, 3), outChannels])
      const images = [heap.address(wide), heap.address(filter), heap.address(dy)]
      toImages(...images, window.batchSize, outChannels, ...windowArguments(window))
      if (outChannels === inChannels) return wide
      const sum = run('Sum', { x: heap.share(wide, [...inShape, outChannels / inChannels]) }, { axis: 4 })
      for (let i = 0; i < 2; i++) heap.dispose(wide)
      return sum
    },

    DepthwiseConv2dNativeBackpropFilter({ inputs, attrs }) {
      const [x, dy] = [input(inputs, 'x'), input(inputs, 'dy')]
      assertSupported(attrs, x, dy)
      const window = convolutionWindow(tf, x.shape, numbersOf(attrs, 'filterShape'), attrs, true)
      const images = repeated(x, window)
      const dw = heap.zeros(window.filterShape)
      const [image, output] = [sizeOf(images.shape.slice(1)) * WORD, sizeOf(dy.shape.slice(1)) * WORD]
      // Image by image, since a sum that grows over all of them would round off what it is still to take in.
      for (let i = 0; i < window.batchSize; i++) {
        const part = heap.zeros(window.filterShape)
        const from = [heap.address(images) + i * image, heap.address(part), heap.address(dy) + i * output]
        toFilter(...from, 1, window.outChannels, ...windowArguments(window))
        addTo(heap.address(part), heap.address(dw), sizeOf(window.filterShape) * WORD)
        heap.dispose(part)
      }
      heap.dispose(images)
      return dw
    },
  }
}

/**
 * `depthwise(images, filter, outputs, batch, channels, …window)` adds to the outputs, `depthwiseToImages` and
 * `depthwiseToFilter`, with the same parameters, to those what is the product of the two others.
 */
export function depthwiseText(): string {
  return [
    slide('depthwise', 'image', 'tap', 'output'),
    slide('depthwiseToImages', 'output', 'tap', 'image'),
    slide('depthwiseToFilter', 'image', 'output', 'tap'),
  ].join('\n')
}

type Pointer = 'image' | 'tap' | 'output'

function slide(name: string, a: Pointer, b: Pointer, sum: Pointer): string {
  const outside = (place: string, length: string) => `(i32.ge_u ${get(place)} ${get(length)})`
  const place = (at: string, stride: string, before: string, tap: string, dilation: string) =>
    sub(add(mul(get(at), get(stride)), mul(get(tap), get(dilation))), get(before))
  const at = (pointer: Pointer) => add(get(pointer), get('at'))
  const three = (load: string) => [a, b, sum].map((pointer) => `(${load} ${at(pointer)})`)
  const [left, right, old] = three('f32.load')
  const four = `(v128.store ${at(sum)} (f32x4.relaxed_madd ${three('v128.load').join(' ')}))`
  const one = `(f32.store ${at(sum)} (f32.add (f32.mul ${left} ${right}) ${old}))`
  const advance = (pointer: string, bytes: string) => set(pointer, add(get(pointer), bytes))
  return `
  (func (export "${name}") ${params('images', 'filter', 'output', 'batch', 'channels', ...WINDOW)}
    ${locals('i32', ['i', 'x', 'y', 'fx', 'fy', 'ix', 'iy', 'line', 'image', 'tap', 'at', 'pixel'])}
    ${set('pixel', mul(get('channels'), i32(WORD)))}
    ${loop(
      'i',
      get('batch'),
      1,
      `
      ${loop(
        'y',
        get('outHeight'),
        1,
        loop(
          'x',
          get('outWidth'),
          1,
          `
        ${set('tap', get('filter'))}
        ${loop(
          'fy',
          get('filterHeight'),
          1,
          `
          ${set('iy', place('y', 'strideHeight', 'top', 'fy', 'dilationHeight'))}
          (if ${outside('iy', 'inHeight')} (then ${advance('tap', mul(get('filterWidth'), get('pixel')))})
          (else
            ${set('line', add(get('images'), mul(mul(get('iy'), get('inWidth')), get('pixel'))))}
            ${loop(
              'fx',
              get('filterWidth'),
              1,
              `
            ${set('ix', place('x', 'strideWidth', 'left', 'fx', 'dilationWidth'))}
            (if (i32.eqz ${outside('ix', 'inWidth')}) (then
              ${set('image', add(get('line'), mul(get('ix'), get('pixel'))))}
              ${floats('at', get('pixel'), four, one)}))
            ${advance('tap', get('pixel'))}`,
            )}))`,
        )}
        ${advance('output', get('pixel'))}`,
        ),
      )}
      ${advance('images', mul(mul(get('inHeight'), get('inWidth')), get('pixel')))}`,
    )})`
}
