import { expect, test } from 'vitest'
import { type Goal, judge } from '../../../bench/engines/goals.ts'
import { rowLike } from './row-like.ts'

const goal: Goal = { engine: 'wasm', peer: 'torch', model: 'mlp', batch: 32, atLeast: 0.5 }

const asked = { models: ['mlp'], batches: [32], missing: [] } as const

test('a goal is met by so large a share of the step rate of the peer', () => {
  const rows = [
    rowLike({ stepMs: 10 }),
    rowLike({ engine: 'torch', stepMs: 5 }),
    rowLike({ engine: 'torch', batch: 128 }),
  ]
  expect(judge({ ...asked, rows }, [goal])).toEqual([{ ...goal, ratio: 0.5, met: true }])
  expect(judge({ ...asked, rows }, [{ ...goal, atLeast: 0.6 }])).toMatchObject([{ ratio: 0.5, met: false }])
})

test('a goal whose row is missing says why', () => {
  const rows = [rowLike({})]
  const everywhere = [{ engine: 'torch', why: 'not installed' }]
  expect(judge({ ...asked, rows, missing: everywhere }, [goal])).toEqual([{ ...goal, why: 'torch: not installed' }])
  const elsewhere = [{ engine: 'torch', model: 'cnn', why: 'too slow' }] as const
  expect(judge({ ...asked, rows, missing: elsewhere }, [goal])).toEqual([])
})

test('a goal that nobody asked for is left out', () => {
  expect(judge({ ...asked, rows: [rowLike({})] }, [goal])).toEqual([])
  const missing = ['wasm', 'torch'].map((engine) => ({ engine, why: 'not installed' }))
  expect(judge({ ...asked, rows: [], missing, batches: [128] }, [goal])).toEqual([])
})
