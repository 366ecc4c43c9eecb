import { apart, floats, given, ints } from '../draw.ts'
import { layer } from '../layer-case.ts'

export const lookup = [
  // Rows are looked up several times and some never.
  layer('embedding of a list', { table: floats([7, 5]), rows: ints([11], 6) }, (tf, { table, rows }) =>
    tf.gather(table, rows),
  ),
  layer('embedding of sequences', { table: floats([9, 3]), rows: ints([4, 6], 9) }, (tf, { table, rows }) =>
    tf.gather(table, rows),
  ),
  layer('embedding of many rows', { table: floats([70, 33]), rows: ints([300], 65) }, (tf, { table, rows }) =>
    tf.gather(table, rows),
  ),
  layer('embedding of one row', { table: floats([4, 8]), rows: ints([1], given(2)) }, (tf, { table, rows }) =>
    tf.gather(table, rows),
  ),
  layer(
    'embedding and a dense layer',
    { table: floats([6, 4]), rows: ints([5], 6), kernel: floats([4, 3]) },
    (tf, { table, rows, kernel }) => tf.matMul(tf.gather(table, rows), kernel),
  ),
  layer(
    'embeddings of several columns, joined',
    { a: floats([4, 2]), b: floats([5, 3]), rows: ints([6], 4) },
    (tf, x) => tf.concat([tf.gather(x.a, x.rows), tf.gather(x.b, x.rows)], 1),
  ),
  layer('gather of numbers', { x: floats([9]), at: ints([5], 9) }, (tf, { x, at }) => tf.gather(x, at)),
  layer('gather of columns', { x: floats([4, 7, 2]), at: ints([5], 7) }, (tf, { x, at }) => tf.gather(x, at, 1)),
  layer('gather along the last axis', { x: floats([3, 4, 5]), at: ints([4], 5) }, (tf, { x, at }) =>
    tf.gather(x, at, 2),
  ),
  layer('gather of integers', { x: ints([6, 2], 100), at: ints([4], 6) }, (tf, { x, at }) => tf.gather(x, at)),
  layer('gather from each row its own', { x: floats([3, 5]), at: ints([3, 2], 5) }, (tf, { x, at }) =>
    tf.gather(x, at, 1, 1),
  ),
  layer('gather by coordinates', { x: floats([4, 5, 2]), at: ints([3, 2], 4) }, (tf, { x, at }) => tf.gatherND(x, at)),
  layer(
    'scatter by coordinates',
    { updates: floats([3, 2]), at: ints([3, 1], given(4, 0, 2)) },
    (tf, { updates, at }) => tf.scatterND(at, updates, [5, 2]),
  ),
  layer('segment sum of rows', { x: floats([9, 4]), at: ints([9], 5) }, (tf, { x, at }) =>
    tf.unsortedSegmentSum(x, at, 7),
  ),
  layer('segment sum of numbers', { x: floats([11]), at: ints([11], 4) }, (tf, { x, at }) =>
    tf.unsortedSegmentSum(x, at, 4),
  ),
  layer('segment sum of rank 3', { x: floats([6, 3, 5]), at: ints([6], 3) }, (tf, { x, at }) =>
    tf.unsortedSegmentSum(x, at, 3),
  ),
  layer('segment sum into one', { x: floats([8, 3]), at: ints([8], 1) }, (tf, { x, at }) =>
    tf.unsortedSegmentSum(x, at, 1),
  ),
  layer(
    'segment sum drops what has a negative number',
    { x: floats([5, 3]), at: ints([5], given(1, -1, 0, 1, -1)) },
    (tf, x) => tf.unsortedSegmentSum(x.x, x.at, 2),
  ),
  ...([1, 3, 7] as const).flatMap((k) => [
    layer(`top ${k} of rows`, { x: floats([5, 7], apart) }, (tf, { x }) => tf.topk(x, k).values),
    layer(`where the top ${k} of rows are`, { x: floats([5, 7], apart) }, (tf, { x }) => tf.topk(x, k).indices),
  ]),
  layer('top 2 of a list', { x: floats([300], apart) }, (tf, { x }) => tf.topk(x, 2).values),
  layer('one-hot, integers', { x: ints([6], 4) }, (tf, { x }) => tf.oneHot(x, 4)),
  layer('one-hot, floats', { x: ints([6], 4) }, (tf, { x }) => tf.oneHot(x, 4, 1, 0, 'float32')),
  layer('one-hot of what is out of range', { x: ints([4], given(-1, 0, 3, 4)) }, (tf, { x }) => tf.oneHot(x, 4)),
]
