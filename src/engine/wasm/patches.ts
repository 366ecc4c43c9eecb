import { add, floats, get, i32, locals, loop, mul, params, set, sub } from './wat.ts'
import { WINDOW } from './window.ts'

/**
 * `patches(images, rows, first, count, channels, …window)`: for `count` places of the output from the `first` on, counted
 * over all images, what the window sees there as a row [filter height, filter width, channels], zero outside the
 * image: after Chellapilla, Puri and Simard (2006). `addPatches`, with the same parameters, is its transpose: it adds such
 * rows to the images. `addTo(from, to, bytes)` adds floats to others.
 */
export function patchesText(): string {
  return [zero(), addTo(), walk('patches', true), walk('addPatches', false)].join('\n')
}

function walk(name: string, gathers: boolean): string {
  const transfer = (place: string, bytes: string) =>
    gathers ? `(call $copy ${place} ${get('row')} ${bytes})` : `(call $addTo ${get('row')} ${place} ${bytes})`
  const skip = (bytes: string) => (gathers ? `(call $zero ${get('row')} ${bytes})` : '')
  const advance = (bytes: string) => set('row', add(get('row'), bytes))
  const outside = (place: string, length: string) => `(i32.ge_u ${get(place)} ${get(length)})`
  const corner = (place: string, stride: string, before: string) => sub(mul(get(place), get(stride)), get(before))
  return `
  (func (export "${name}") ${params('images', 'row', 'first', 'count', 'channels', ...WINDOW)}
    ${locals('i32', ['i', 'x', 'y', 'fx', 'fy', 'ix', 'iy', 'left0', 'top0', 'image', 'line', 'pixel', 'wide', 'inside'])}
    ${set('pixel', mul(get('channels'), i32(4)))}
    ${set('wide', mul(get('filterWidth'), get('pixel')))}
    ${set('image', mul(mul(get('inHeight'), get('inWidth')), get('pixel')))}
    ${set('x', `(i32.rem_u ${get('first')} ${get('outWidth')})`)}
    ${set('first', `(i32.div_u ${get('first')} ${get('outWidth')})`)}
    ${set('y', `(i32.rem_u ${get('first')} ${get('outHeight')})`)}
    ${set('images', add(get('images'), mul(`(i32.div_u ${get('first')} ${get('outHeight')})`, get('image'))))}
    ${loop(
      'i',
      get('count'),
      1,
      `
      ${set('left0', corner('x', 'strideWidth', 'left'))}
      ${set('top0', corner('y', 'strideHeight', 'top'))}
      ;; Neighbours in the image are neighbours in the row.
      ${set('inside', `(i32.and (i32.eq ${get('dilationWidth')} ${i32(1)}) (i32.and (i32.ge_s ${get('left0')} ${i32(0)}) (i32.le_s ${add(get('left0'), get('filterWidth'))} ${get('inWidth')})))`)}
      ${loop(
        'fy',
        get('filterHeight'),
        1,
        `
        ${set('iy', add(get('top0'), mul(get('fy'), get('dilationHeight'))))}
        (if ${outside('iy', 'inHeight')} (then ${skip(get('wide'))} ${advance(get('wide'))})
        (else
          ${set('line', add(get('images'), mul(mul(get('iy'), get('inWidth')), get('pixel'))))}
          (if ${get('inside')} (then
            ${transfer(add(get('line'), mul(get('left0'), get('pixel'))), get('wide'))}
            ${advance(get('wide'))})
          (else
            ${loop(
              'fx',
              get('filterWidth'),
              1,
              `
            ${set('ix', add(get('left0'), mul(get('fx'), get('dilationWidth'))))}
            (if ${outside('ix', 'inWidth')} (then ${skip(get('pixel'))})
            (else ${transfer(add(get('line'), mul(get('ix'), get('pixel'))), get('pixel'))}))
            ${advance(get('pixel'))}`,
            )}))))`,
      )}
      ${set('x', add(get('x'), i32(1)))}
      (if (i32.eq ${get('x')} ${get('outWidth')}) (then
        ${set('x', i32(0))}
        ${set('y', add(get('y'), i32(1)))}))
      (if (i32.eq ${get('y')} ${get('outHeight')}) (then
        ${set('y', i32(0))}
        ${set('images', add(get('images'), get('image')))}))`,
    )})`
}

function zero(): string {
  const to = add(get('to'), get('at'))
  return `
  (func $zero ${params('to', 'bytes')} ${locals('i32', ['at'])}
    ${floats('at', get('bytes'), `(v128.store ${to} (v128.const i32x4 0 0 0 0))`, `(i32.store ${to} ${i32(0)})`)})`
}

/** Adds to floats others that do not overlap them. */
function addTo(): string {
  const [from, to] = [add(get('from'), get('at')), add(get('to'), get('at'))]
  const sum = (load: string, plus: string) => `(${plus} (${load} ${to}) (${load} ${from}))`
  return `
  (func $addTo (export "addTo") ${params('from', 'to', 'bytes')} ${locals('i32', ['at'])}
    ${floats(
      'at',
      get('bytes'),
      `(v128.store ${to} ${sum('v128.load', 'f32x4.add')})`,
      `(f32.store ${to} ${sum('f32.load', 'f32.add')})`,
    )})`
}
