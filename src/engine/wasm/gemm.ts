import { add, get, i32, lines, locals, loop, min, mul, params, set, sub, transpose4 } from './wat.ts'

/** Rows and columns of C that one call of the innermost loop holds in registers: 12 of the 15 that V8 gives out on x64. */
const ROWS = 6
const COLUMNS = 8
/** Steps of the innermost loop written out one after the other. */
const UNROLL = 4
/** Blocks of A (96 x 256, 98 kB) and of B (256 x 1024, 1 MB) that are packed at a time, to stay in the second-level cache. */
const BLOCK = { m: 96, n: 1024, k: 256 }
const TILE_BYTES = ROWS * COLUMNS * 4
const A_BYTES = BLOCK.m * BLOCK.k * 4
const B_BYTES = BLOCK.n * BLOCK.k * 4

/** Bytes of working memory that `gemm` needs, aligned to 16. */
export const GEMM_SCRATCH_BYTES = TILE_BYTES + A_BYTES + B_BYTES

/**
 * `gemm(m, n, k, a, aRow, aColumn, b, bRow, bColumn, c, cRow, accumulate, scratch)`: C = A·B, or C += A·B, in float32.
 * A is [m, k], B [k, n], C [m, n]; addresses and strides are in bytes. A transposed operand is one with its strides
 * exchanged; C is dense along its columns. Blocks of the operands are packed into strips that the innermost loop reads in
 * order, after Goto and van de Geijn (ACM TOMS 34(3), 2008). k must be positive.
 *
 * Multiplies and adds in one rounding where the processor can (relaxed SIMD), which doubles the speed: results are
 * the same on one machine, and may differ in the last bit between machines.
 */
export function gemm(): string {
  return [packRows(), packColumns(), innermost(), storeTile(), driver()].join('\n')
}

/** Writes `count` rows of A, k columns wide, as strips of ROWS rows, column after column; rows beyond are zero. */
function packRows(): string {
  const row = (r: number) => add(get('from'), mul(i32(r), get('row')))
  return `
  (func $packRows ${params('from', 'row', 'column', 'count', 'k', 'to')}
    ${locals('i32', ['i', 'p', 'end', 'at', ...Array.from({ length: ROWS }, (_, r) => `r${r}`)])} ${locals('v128', ['x0', 'x1', 'x2', 'x3', 'y0', 'y1', 'y2', 'y3'])}
    ${loop(
      'i',
      get('count'),
      ROWS,
      `
      ${lines(ROWS, (r) => set(`r${r}`, row(r)))}
      ;; Rows beyond the last repeat it here: what they produce is never stored.
      ${lines(ROWS, (r) => `(if (i32.ge_u ${add(get('i'), i32(r))} ${get('count')}) (then ${set(`r${r}`, get(`r${Math.max(0, r - 1)}`))}))`)}
      ${set('p', i32(0))}
      (if (i32.eq ${get('column')} ${i32(4)}) (then
        (block $done (loop $four
          (br_if $done (i32.gt_u ${add(get('p'), i32(4))} ${get('k')}))
          ${lines(4, (r) => set(`x${r}`, `(v128.load ${get(`r${r}`)})`))}
          ${transpose4()}
          ${lines(4, (p) => `(v128.store offset=${p * ROWS * 4} ${get('to')} ${get(`x${p}`)})`)}
          ${lines(4, (p) => `(i64.store offset=${(p * ROWS + 4) * 4} ${get('to')} ${pair(p)})`)}
          ${lines(ROWS, (r) => set(`r${r}`, add(get(`r${r}`), i32(16))))}
          ${set('to', add(get('to'), i32(4 * ROWS * 4)))}
          ${set('p', add(get('p'), i32(4)))}
          (br $four)))))
      (block $end (loop $one
        (br_if $end (i32.ge_u ${get('p')} ${get('k')}))
        ${lines(ROWS, (r) => `(f32.store offset=${r * 4} ${get('to')} (f32.load ${get(`r${r}`)})) ${set(`r${r}`, add(get(`r${r}`), get('column')))}`)}
        ${set('to', add(get('to'), i32(ROWS * 4)))}
        ${set('p', add(get('p'), i32(1)))}
        (br $one)))
      ${set('from', add(get('from'), mul(get('row'), i32(ROWS))))}`,
    )})`
}

/** The p-th elements of rows 4 and 5 as one 64-bit word. */
function pair(p: number): string {
  const word = (r: number) => `(i64.extend_i32_u (i32.load offset=${p * 4} ${get(`r${r}`)}))`
  return `(i64.or ${word(4)} (i64.shl ${word(5)} (i64.const 32)))`
}

/** Writes `count` columns of B, k rows high, as strips of COLUMNS columns, row after row; columns beyond are zero. */
function packColumns(): string {
  const whole = `(i32.le_u ${add(get('j'), i32(COLUMNS))} ${get('count')})`
  return `
  (func $packColumns ${params('from', 'row', 'column', 'count', 'k', 'to')}
    ${locals('i32', ['j', 'p', 'q', 'at', 'width'])} ${locals('v128', ['x0', 'x1', 'x2', 'x3', 'y0', 'y1', 'y2', 'y3'])}
    ${loop(
      'j',
      get('count'),
      COLUMNS,
      `
      ${set('at', get('from'))}
      ${set('p', i32(0))}
      (if (i32.and ${whole} (i32.eq ${get('column')} ${i32(4)})) (then
        (block $done (loop $rows
          (br_if $done (i32.ge_u ${get('p')} ${get('k')}))
          (v128.store ${get('to')} (v128.load ${get('at')}))
          (v128.store offset=16 ${get('to')} (v128.load offset=16 ${get('at')}))
          ${set('at', add(get('at'), get('row')))}
          ${set('to', add(get('to'), i32(COLUMNS * 4)))}
          ${set('p', add(get('p'), i32(1)))}
          (br $rows)))))
      (if (i32.and ${whole} (i32.eq ${get('row')} ${i32(4)})) (then
        (block $done (loop $four
          (br_if $done (i32.gt_u ${add(get('p'), i32(4))} ${get('k')}))
          ${lines(
            COLUMNS / 4,
            (half) => `
          ${lines(4, (c) => set(`x${c}`, `(v128.load ${add(get('at'), mul(get('column'), i32(half * 4 + c)))})`))}
          ${transpose4()}
          ${lines(4, (p) => `(v128.store offset=${(p * COLUMNS + half * 4) * 4} ${get('to')} ${get(`x${p}`)})`)}`,
          )}
          ${set('at', add(get('at'), i32(16)))}
          ${set('to', add(get('to'), i32(4 * COLUMNS * 4)))}
          ${set('p', add(get('p'), i32(4)))}
          (br $four)))))
      ${set('width', min(i32(COLUMNS), sub(get('count'), get('j'))))}
      (block $end (loop $one
        (br_if $end (i32.ge_u ${get('p')} ${get('k')}))
        ${loop('q', get('width'), 1, `(f32.store ${add(get('to'), mul(get('q'), i32(4)))} (f32.load ${add(get('at'), mul(get('q'), get('column')))}))`)}
        ${set('at', add(get('at'), get('row')))}
        ${set('to', add(get('to'), i32(COLUMNS * 4)))}
        ${set('p', add(get('p'), i32(1)))}
        (br $one)))
      ${set('from', add(get('from'), mul(get('column'), i32(COLUMNS))))}`,
    )})`
}

/** A ROWS x COLUMNS tile of C from a strip of each operand: C (+)= A·B. */
function innermost(): string {
  const half = [0, 1]
  const sums = Array.from({ length: ROWS }, (_, r) => half.map((h) => `c${r}${h}`))
  const eachRow = (line: (names: readonly string[], h: number) => string) =>
    sums
      .map((names) => `${half.map((h) => line(names, h)).join(' ')} ${set('at', add(get('at'), get('cRow')))}`)
      .join('\n')
  const step = (u: number) => `
      ${half.map((h) => set(`b${h}`, `(v128.load offset=${(u * COLUMNS + h * 4) * 4} ${get('b')})`)).join(' ')}
      ${lines(
        ROWS,
        (r) => `
      ${set('x', `(v128.load32_splat offset=${(u * ROWS + r) * 4} ${get('a')})`)}
      ${half.map((h) => set(`c${r}${h}`, `(f32x4.relaxed_madd ${get('x')} ${get(`b${h}`)} ${get(`c${r}${h}`)})`)).join(' ')}`,
      )}`
  const advance = (steps: number) => `
      ${set('a', add(get('a'), i32(steps * ROWS * 4)))}
      ${set('b', add(get('b'), i32(steps * COLUMNS * 4)))}
      ${set('k', sub(get('k'), i32(steps)))}`
  return `
  (func $innermost ${params('k', 'a', 'b', 'c', 'cRow', 'accumulate')}
    ${locals('i32', ['at'])} ${locals('v128', ['x', 'b0', 'b1', ...sums.flat()])}
    (if ${get('accumulate')} (then
      ${set('at', get('c'))}
      ${eachRow((names, h) => set(names[h] ?? '', `(v128.load offset=${h * 16} ${get('at')})`))}))
    (block $few (loop $many
      (br_if $few (i32.lt_u ${get('k')} ${i32(UNROLL)}))
      ${lines(UNROLL, step)}
      ${advance(UNROLL)}
      (br $many)))
    (block $end (loop $one
      (br_if $end (i32.eqz ${get('k')}))
      ${step(0)}
      ${advance(1)}
      (br $one)))
    ${set('at', get('c'))}
    ${eachRow((names, h) => `(v128.store offset=${h * 16} ${get('at')} ${get(names[h] ?? '')})`)})`
}

/** Copies the part of a tile that lies inside C, or adds it there. */
function storeTile(): string {
  return `
  (func $storeTile ${params('tile', 'c', 'cRow', 'rows', 'columns', 'accumulate')} ${locals('i32', ['i', 'j', 'at'])} ${locals('f32', ['x'])}
    ${loop(
      'i',
      get('rows'),
      1,
      loop(
        'j',
        get('columns'),
        1,
        `
        ${set('at', add(add(get('c'), mul(get('i'), get('cRow'))), mul(get('j'), i32(4))))}
        ${set('x', `(f32.load ${add(get('tile'), mul(add(mul(get('i'), i32(COLUMNS)), get('j')), i32(4)))})`)}
        (if ${get('accumulate')} (then ${set('x', `(f32.add ${get('x')} (f32.load ${get('at')}))`)}))
        (f32.store ${get('at')} ${get('x')})`,
      ),
    )})`
}

function driver(): string {
  const pointer = (base: string, ...offsets: readonly (readonly [string, string])[]) =>
    offsets.reduce((sum, [index, stride]) => add(sum, mul(get(index), stride)), get(base))
  const tile = get('scratch')
  const strip = {
    a: add(get('packedA'), mul(mul(get('ir'), get('kb')), i32(4))),
    b: add(get('packedB'), mul(mul(get('jr'), get('kb')), i32(4))),
    c: add(pointer('c', ['ic', get('cRow')], ['ir', get('cRow')]), mul(add(get('jc'), get('jr')), i32(4))),
  }
  const inside = `(i32.and (i32.le_u ${add(get('ir'), i32(ROWS))} ${get('mb')}) (i32.le_u ${add(get('jr'), i32(COLUMNS))} ${get('nb')}))`
  const addsUp = `(i32.or ${get('accumulate')} (i32.gt_u ${get('pc')} ${i32(0)}))`
  return `
  (func (export "gemm") ${params('m', 'n', 'k', 'a', 'aRow', 'aColumn', 'b', 'bRow', 'bColumn', 'c', 'cRow', 'accumulate', 'scratch')}
    ${locals('i32', ['jc', 'pc', 'ic', 'jr', 'ir', 'mb', 'nb', 'kb', 'packedA', 'packedB'])}
    ${set('packedA', add(get('scratch'), i32(TILE_BYTES)))}
    ${set('packedB', add(get('packedA'), i32(A_BYTES)))}
    ${loop(
      'jc',
      get('n'),
      BLOCK.n,
      `
    ${set('nb', min(i32(BLOCK.n), sub(get('n'), get('jc'))))}
    ${loop(
      'pc',
      get('k'),
      BLOCK.k,
      `
      ${set('kb', min(i32(BLOCK.k), sub(get('k'), get('pc'))))}
      (call $packColumns ${pointer('b', ['pc', get('bRow')], ['jc', get('bColumn')])} ${get('bRow')} ${get('bColumn')} ${get('nb')} ${get('kb')} ${get('packedB')})
      ${loop(
        'ic',
        get('m'),
        BLOCK.m,
        `
        ${set('mb', min(i32(BLOCK.m), sub(get('m'), get('ic'))))}
        (call $packRows ${pointer('a', ['ic', get('aRow')], ['pc', get('aColumn')])} ${get('aRow')} ${get('aColumn')} ${get('mb')} ${get('kb')} ${get('packedA')})
        ${loop(
          'jr',
          get('nb'),
          COLUMNS,
          loop(
            'ir',
            get('mb'),
            ROWS,
            `
          (if ${inside}
            (then (call $innermost ${get('kb')} ${strip.a} ${strip.b} ${strip.c} ${get('cRow')} ${addsUp}))
            (else
              (call $innermost ${get('kb')} ${strip.a} ${strip.b} ${tile} ${i32(COLUMNS * 4)} ${i32(0)})
              (call $storeTile ${tile} ${strip.c} ${get('cRow')} ${min(i32(ROWS), sub(get('mb'), get('ir')))} ${min(i32(COLUMNS), sub(get('nb'), get('jr')))} ${addsUp})))`,
          ),
        )}`,
      )}`,
    )}`,
    )})`
}
