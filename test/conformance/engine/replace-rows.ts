import { describe, expect, test } from 'vitest'
import { REPLACE_ROWS, replaceRows } from '../../../src/engine/replace-rows.ts'
import type { Engine } from '../../../src/study/engine.ts'

/** Writing rows of a table: what every engine must do, with a kernel of its own or without. */
export function replaceRowsConformance(engine: Engine): void {
  describe('rows of a table', () => {
    test('are replaced, the others kept', async () => {
      const tf = await engine.load()
      const table = tf.tensor(
        Float32Array.from({ length: 15 }, (_, i) => i),
        [5, 3],
      )
      const rows = tf.tensor([-1, -2, -3, -4, -5, -6], [2, 3])
      const after = replaceRows(tf, table, tf.tensor1d([3, 0], 'int32'), rows)
      expect(after.shape).toEqual([5, 3])
      expect([...(await after.data())]).toEqual([-4, -5, -6, 3, 4, 5, 6, 7, 8, -1, -2, -3, 12, 13, 14])
      tf.dispose([table, after, rows])
    })

    test('of any rank, or none of them', async () => {
      const tf = await engine.load()
      const cube = tf.ones([4, 2, 2])
      const after = replaceRows(tf, cube, tf.tensor1d([2], 'int32'), tf.zeros([1, 2, 2]))
      expect([...(await after.sum([1, 2]).data())]).toEqual([4, 4, 0, 4])
      const list = replaceRows(tf, tf.tensor1d([1, 2, 3]), tf.tensor1d([1], 'int32'), tf.tensor1d([7]))
      expect([...(await list.data())]).toEqual([1, 7, 3])
      const same = replaceRows(tf, list, tf.tensor1d([], 'int32'), tf.zeros([0]))
      expect([...(await same.data())]).toEqual([1, 7, 3])
    })

    test('do not change in a clone, nor in what the table was made from', async () => {
      const tf = await engine.load()
      const values = Float32Array.of(1, 2, 3, 4)
      const table = tf.tensor(values, [4, 1])
      const clone = table.clone()
      const after = replaceRows(tf, table, tf.tensor1d([1], 'int32'), tf.tensor([9], [1, 1]))
      expect([...(await after.data())]).toEqual([1, 9, 3, 4])
      expect([...(await clone.data())]).toEqual([1, 2, 3, 4])
      expect([...values]).toEqual([1, 2, 3, 4])
      tf.dispose([table, clone, after])
    })

    test('leave the table’s memory to the result, and nothing behind', async () => {
      const tf = await engine.load()
      const places = tf.tensor1d([1], 'int32')
      const rows = tf.tensor([9], [1, 1])
      await Promise.all([places.data(), rows.data()])
      const before = { ...engine.memory(), data: tf.backend().numDataIds() }
      let table = tf.tensor([1, 2, 3], [3, 1])
      for (let i = 0; i < 3; i++) {
        const next = replaceRows(tf, table, places, rows)
        if (tf.getKernel(REPLACE_ROWS, tf.getBackend()) && engine.name !== 'tensorflow')
          expect(next.dataId).toBe(table.dataId)
        table.dispose()
        table = next
      }
      expect([...(await table.data())]).toEqual([1, 9, 3])
      table.dispose()
      expect({ ...engine.memory(), data: tf.backend().numDataIds() }).toEqual(before)
      tf.dispose([places, rows])
    })
  })
}
