import type { KernelFunc } from '@tensorflow/tfjs-core'
import { input, type KernelContext } from './kernel-context.ts'
import { FOUR, type Lanes, ONE } from './lanes.ts'
import { WORD } from './shape.ts'
import { add, floats, get, i32, locals, loop, mul, params, set, sub } from './wat.ts'
import { poolingWindow, WINDOW, windowArguments } from './window.ts'

/**
 * The gradients of pooling. The back end's own take up to a hundred times as long as the pooling; that of the mean divides by
 * the size of the whole window where only a part of it lies in the image, that of the maximum forgets windows of negative
 * numbers.
 */
export function poolingKernels({ tf, heap, native }: KernelContext): Record<string, KernelFunc> {
  const [maxPool, averagePool] = [native('maxPoolGradient'), native('averagePoolGradient')]
  return {
    /** To the first of the largest numbers in each window. */
    MaxPoolGrad({ inputs, attrs }) {
      const [dy, x] = [input(inputs, 'dy'), input(inputs, 'input')]
      const window = poolingWindow(tf, x.shape, attrs)
      const dx = heap.zeros(x.shape)
      const tensors = [heap.address(x), heap.address(dy), heap.address(dx)]
      maxPool(...tensors, window.batchSize, window.inChannels, ...windowArguments(window))
      return dx
    },

    /** To all numbers of each window that lie in the image, the same share. */
    AvgPoolGrad({ inputs, attrs }) {
      const [dy, x] = [input(inputs, 'dy'), input(inputs, 'input')]
      const window = poolingWindow(tf, x.shape, attrs)
      const dx = heap.zeros(x.shape)
      const tensors = [heap.address(dx), heap.address(dy), heap.address(dx)]
      averagePool(...tensors, window.batchSize, window.inChannels, ...windowArguments(window))
      return dx
    },
  }
}

/**
 * `maxPoolGradient(x, dy, dx, batch, channels, …window)` and `averagePoolGradient`, with the same parameters, of which it
 * does not read x, add to dx.
 */
export function poolingText(): string {
  return [pool('maxPoolGradient', toLargest), pool('averagePoolGradient', toAll)].join('\n')
}

const at = (image: string) => add(get(image), add(mul(get('pixel'), get('size')), get('at')))

function toLargest({ load, store }: Lanes): string {
  const chosen = (a: string, b: string) => `(v128.bitselect ${a} ${get(b)} ${get('larger')})`
  return `
  ${set('most', '(v128.const f32x4 -inf -inf -inf -inf)')}
  ${set('where', '(v128.const i32x4 -1 -1 -1 -1)')}
  ${eachPixel(`
    ${set('v', load(at('x')))}
    ${set('larger', `(f32x4.gt ${get('v')} ${get('most')})`)}
    ${set('most', chosen(get('v'), 'most'))}
    ${set('where', chosen(`(i32x4.splat ${get('pixel')})`, 'where'))}`)}
  ${eachPixel(store(at('dx'), `(f32x4.add ${load(at('dx'))} (v128.and ${get('g')} (i32x4.eq ${get('where')} (i32x4.splat ${get('pixel')}))))`))}`
}

function toAll({ load, store }: Lanes): string {
  return `
  ${set('g', `(f32x4.mul ${get('g')} ${get('share')})`)}
  ${eachPixel(store(at('dx'), `(f32x4.add ${load(at('dx'))} ${get('g')})`))}`
}

/** Over the part of the window that lies in the image; `pixel` counts from the beginning of the image. */
function eachPixel(body: string): string {
  const next = (name: string) => set(name, add(get(name), i32(1)))
  return `
    ${set('iy', get('top0'))}
    (block $end_iy (loop $next_iy
      (br_if $end_iy (i32.ge_s ${get('iy')} ${get('bottom')}))
      ${set('ix', get('left0'))}
      (block $end_ix (loop $next_ix
        (br_if $end_ix (i32.ge_s ${get('ix')} ${get('right')}))
        ${set('pixel', add(mul(get('iy'), get('inWidth')), get('ix')))}
        ${body}
        ${next('ix')}
        (br $next_ix)))
      ${next('iy')}
      (br $next_iy)))`
}

function pool(name: string, body: (lanes: Lanes) => string): string {
  const start = (place: string, stride: string, before: string) => sub(mul(get(place), get(stride)), get(before))
  const larger = (a: string, b: string) => `(select ${a} ${b} (i32.gt_s ${a} ${b}))`
  const smaller = (a: string, b: string) => `(select ${a} ${b} (i32.lt_s ${a} ${b}))`
  const extent = (from: string, to: string, size: string, length: string) => `
        ${set(to, smaller(add(get(from), get(size)), get(length)))}
        ${set(from, larger(get(from), i32(0)))}`
  const inside = mul(sub(get('bottom'), get('top0')), sub(get('right'), get('left0')))
  const gradient = add(get('dy'), get('at'))
  const advance = (pointer: string, bytes: string) => set(pointer, add(get(pointer), bytes))
  return `
  (func (export "${name}") ${params('x', 'dy', 'dx', 'batch', 'channels', ...WINDOW)}
    ${locals('i32', ['i', 'oy', 'ox', 'iy', 'ix', 'top0', 'left0', 'bottom', 'right', 'pixel', 'size', 'at', 'image'])}
    ${locals('v128', ['v', 'g', 'most', 'where', 'larger', 'share'])}
    ${set('size', mul(get('channels'), i32(WORD)))}
    ${set('image', mul(mul(get('inHeight'), get('inWidth')), get('size')))}
    ${loop(
      'i',
      get('batch'),
      1,
      `
      ${loop(
        'oy',
        get('outHeight'),
        1,
        loop(
          'ox',
          get('outWidth'),
          1,
          `
        ${set('top0', start('oy', 'strideHeight', 'top'))}
        ${set('left0', start('ox', 'strideWidth', 'left'))}
        ${extent('top0', 'bottom', 'filterHeight', 'inHeight')}
        ${extent('left0', 'right', 'filterWidth', 'inWidth')}
        ${set('share', `(f32x4.splat (f32.div (f32.const 1) (f32.convert_i32_s ${inside})))`)}
        ${floats(
          'at',
          get('size'),
          `${set('g', FOUR.load(gradient))} ${body(FOUR)}`,
          `${set('g', ONE.load(gradient))} ${body(ONE)}`,
        )}
        ${advance('dy', get('size'))}`,
        ),
      )}
      ${advance('x', get('image'))}
      ${advance('dx', get('image'))}`,
    )})`
}
