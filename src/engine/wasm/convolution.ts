import type { Attribute, KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core'
import { numbersOf } from './attributes.ts'
import { finisher } from './fused.ts'
import { input, type KernelContext } from './kernel-context.ts'
import { WORD } from './shape.ts'
import { convolutionWindow, type Window, windowArguments } from './window.ts'

/** Patches that are written out at a time, to be still in the second-level cache when they are multiplied. */
const PATCH_BYTES = 1 << 20
/** Rows that make a product worth packing its other operand, however long they are: a block of `gemm`. */
const LEAST_ROWS = 96

/**
 * Convolutions as matrix products of the filter with patches of the images. The back end's own go to XNNPACK, which packs the
 * filter anew after each step, and its gradient by the images is a naive loop; it has none by the filter.
 */
export function convolutionKernels(context: KernelContext): Record<string, KernelFunc> {
  const { tf, heap, native, run, scratch } = context
  const [gemm, patches, addPatches] = [native('gemm'), native('patches'), native('addPatches')]
  const finish = finisher(context)

  /** For some rows of patches after the other: where they are, how many, and the place of the output that is the first. */
  type Use = (rows: number, count: number, first: number) => void

  /** Patches of images; or, where `back`, patches that `use` writes and that are then added to the images. */
  function eachPatches(images: number, window: Window, use: Use, back = false): void {
    const places = placesOf(window)
    if (isPlain(window)) {
      use(images, places, 0)
      return
    }
    const bytes = patchOf(window) * WORD
    const fitting = Math.floor(PATCH_BYTES / bytes / LEAST_ROWS) * LEAST_ROWS
    const step = Math.min(Math.max(fitting, LEAST_ROWS), places)
    heap.borrow(step * bytes, (rows) => {
      for (let first = 0; first < places; first += step) {
        const count = Math.min(step, places - first)
        const all = [images, rows, first, count, window.inChannels, ...windowArguments(window)]
        if (!back) patches(...all)
        use(rows, count, first)
        if (back) addPatches(...all)
      }
    })
  }

  /** y = patches of x · filter */
  function convolve(x: number, filter: number, y: number, window: Window): void {
    const [width, outputs] = [patchOf(window), window.outChannels * WORD]
    eachPatches(x, window, (rows, count, first) => {
      const by = [filter, outputs, WORD, y + first * outputs, outputs] as const
      gemm(count, window.outChannels, width, rows, width * WORD, WORD, ...by, 0, scratch)
    })
  }

  /** dx, zero before, += dy · filter transposed, patch by patch. */
  function spread(dy: number, filter: number, dx: number, window: Window): void {
    const [width, outputs] = [patchOf(window), window.outChannels * WORD]
    const use: Use = (rows, count, first) => {
      const by = [filter, WORD, outputs, rows, width * WORD] as const
      gemm(count, width, window.outChannels, dy + first * outputs, outputs, WORD, ...by, 0, scratch)
    }
    eachPatches(dx, window, use, true)
  }

  /** dw = patches of x transposed · dy */
  function correlate(x: number, dy: number, dw: number, window: Window): void {
    const [width, outputs] = [patchOf(window), window.outChannels * WORD]
    eachPatches(x, window, (rows, count, first) => {
      const by = [dy + first * outputs, outputs, WORD, dw, outputs] as const
      gemm(width, window.outChannels, count, rows, WORD, width * WORD, ...by, first > 0 ? 1 : 0, scratch)
    })
  }

  function convolution(x: TensorInfo, filter: TensorInfo, attrs: NamedAttrMap | undefined): TensorInfo {
    assertFloats(x, filter)
    const window = convolutionWindow(tf, x.shape, filter.shape, attrs)
    if (patchOf(window) === 0) return heap.zeros(window.outShape)
    const y = heap.output(window.outShape)
    convolve(heap.address(x), heap.address(filter), heap.address(y), window)
    return y
  }

  /** Runs `compute` on images with channels last, turned where those given have them first. */
  function channelsLast(
    attrs: NamedAttrMap | undefined,
    images: readonly TensorInfo[],
    compute: (attrs: NamedAttrMap | undefined, ...images: readonly TensorInfo[]) => TensorInfo,
  ): TensorInfo {
    if (attrs?.dataFormat !== 'NCHW') return compute(attrs, ...images)
    const turned = images.map((x) => run('Transpose', { x }, { perm: [0, 2, 3, 1] }))
    const result = compute(attrsLast(attrs), ...turned)
    for (const each of turned) heap.dispose(each)
    return result
  }

  /** As they were given. */
  function turnedBack(attrs: NamedAttrMap | undefined, x: TensorInfo): TensorInfo {
    if (attrs?.dataFormat !== 'NCHW') return x
    const turned = run('Transpose', { x }, { perm: [0, 3, 1, 2] })
    heap.dispose(x)
    return turned
  }

  function assertFloats(...tensors: readonly TensorInfo[]): void {
    for (const { dtype } of tensors) {
      tf.util.assert(dtype === 'float32', () => `The wasm engine convolves float32 images, not ${dtype}.`)
    }
  }

  return {
    Conv2D({ inputs, attrs }) {
      const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')]
      return turnedBack(
        attrs,
        channelsLast(attrs, [x], (last, images = x) => convolution(images, filter, last)),
      )
    },

    FusedConv2D({ inputs, attrs }) {
      const [x, filter] = [input(inputs, 'x'), input(inputs, 'filter')]
      return turnedBack(
        attrs,
        channelsLast(attrs, [x], (last, images = x) => finish(convolution(images, filter, last), inputs, last)),
      )
    },

    Conv2DBackpropInput({ inputs, attrs }) {
      const [gradient, filter] = [input(inputs, 'dy'), input(inputs, 'filter')]
      assertFloats(gradient, filter)
      const dx = channelsLast(attrs, [gradient], (last, dy = gradient) => {
        const window = convolutionWindow(tf, numbersOf(last, 'inputShape'), filter.shape, last)
        const images = heap.zeros(window.inShape)
        if (window.outChannels > 0) spread(heap.address(dy), heap.address(filter), heap.address(images), window)
        return images
      })
      return turnedBack(attrs, dx)
    },

    Conv2DBackpropFilter({ inputs, attrs }) {
      const [images, gradient] = [input(inputs, 'x'), input(inputs, 'dy')]
      assertFloats(images, gradient)
      return channelsLast(attrs, [images, gradient], (last, x = images, dy = gradient) => {
        const window = convolutionWindow(tf, x.shape, numbersOf(attrs, 'filterShape'), last)
        if (placesOf(window) === 0) return heap.zeros(window.filterShape)
        const dw = heap.output(window.filterShape)
        correlate(heap.address(x), heap.address(dy), heap.address(dw), window)
        return dw
      })
    },
  }
}

/** Shapes and paddings for channels last from those for channels first. */
function attrsLast(attrs: NamedAttrMap): NamedAttrMap {
  const { pad, inputShape } = attrs
  const moved = <T>(list: readonly T[]): T[] => [...list.slice(0, 1), ...list.slice(2), ...list.slice(1, 2)]
  return {
    ...attrs,
    ...(Array.isArray(pad) && { pad: moved<Attribute>(pad) }),
    ...(Array.isArray(inputShape) && { inputShape: moved(numbersOf(attrs, 'inputShape')) }),
  }
}

/** Places of the output, over all images. */
function placesOf({ batchSize, outHeight, outWidth }: Window): number {
  return batchSize * outHeight * outWidth
}

/** Numbers that the window sees at a place. */
function patchOf({ filterHeight, filterWidth, inChannels }: Window): number {
  return filterHeight * filterWidth * inChannels
}

/** Whether the images are their patches, one after the other: where the window is a pixel, or the whole image. */
function isPlain(w: Window): boolean {
  const { top, bottom, left, right } = w.padInfo
  if (top !== 0 || bottom !== 0 || left !== 0 || right !== 0) return false
  const pixel = w.filterHeight === 1 && w.filterWidth === 1 && w.strideHeight === 1 && w.strideWidth === 1
  const dense = w.dilationHeight === 1 && w.dilationWidth === 1
  return pixel || (dense && w.filterHeight === w.inHeight && w.filterWidth === w.inWidth)
}
