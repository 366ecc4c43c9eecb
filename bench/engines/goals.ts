import type { ModelName } from './models/models.ts'
import { findRow, type Missing, type Row } from './result.ts'

/** An engine's step rate as a share of another's. */
export interface Goal {
  readonly engine: string
  readonly peer: string
  readonly model: ModelName
  readonly batch: number
  readonly atLeast: number
}

/** What the engines are held to. */
export const GOALS: readonly Goal[] = [
  goal('wasm', 'stock-wasm', 'mlp', { 128: 8, 1024: 8 }),
  goal('wasm', 'stock-wasm', 'cnn', { 32: 5, 128: 5, 1024: 5 }),
  goal('wasm', 'stock-wasm', 'lstm', { 32: 5, 128: 5, 1024: 5 }),
  goal('tensorflow', 'torch', 'mlp', { 32: 0.5, 128: 0.7, 1024: 0.9 }),
  goal('wasm', 'torch', 'mlp', { 32: 0.5, 128: 0.3 }),
  goal('webgpu', 'torch-cuda', 'mlp', { 1024: 0.5 }),
  goal('webgpu', 'torch-cuda', 'dcn', { 1024: 0.5 }),
].flat()

export type Verdict = Goal & ({ readonly ratio: number; readonly met: boolean } | { readonly why: string })

/** What was asked for, and what came of it. */
export interface Outcome {
  readonly models: readonly ModelName[]
  readonly batches: readonly number[]
  readonly rows: readonly Row[]
  readonly missing: readonly Missing[]
}

/** Holds what was measured against the goals. Those that nobody asked for are left out. */
export function judge({ models, batches, rows, missing }: Outcome, goals = GOALS): Verdict[] {
  return goals.flatMap((goal): Verdict[] => {
    if (!models.includes(goal.model) || !batches.includes(goal.batch)) return []
    const outcomeOf = (engine: string) =>
      findRow(rows, engine, goal.model, goal.batch) ?? findGap(missing, engine, goal.model, goal.batch)
    const [ours, theirs] = [outcomeOf(goal.engine), outcomeOf(goal.peer)]
    if (!ours || !theirs) return []
    if ('why' in ours) return [{ ...goal, why: `${ours.engine}: ${ours.why}` }]
    if ('why' in theirs) return [{ ...goal, why: `${theirs.engine}: ${theirs.why}` }]
    const ratio = theirs.stepMs / ours.stepMs
    return [{ ...goal, ratio, met: ratio >= goal.atLeast }]
  })
}

function findGap(missing: readonly Missing[], engine: string, model: ModelName, batch: number): Missing | undefined {
  return missing.find(
    (gap) => gap.engine === engine && (gap.model ?? model) === model && (gap.batch ?? batch) === batch,
  )
}

function goal(engine: string, peer: string, model: ModelName, limits: Record<number, number>): Goal[] {
  return Object.entries(limits).map(([batch, atLeast]) => ({ engine, peer, model, batch: Number(batch), atLeast }))
}
