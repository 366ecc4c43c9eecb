import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine } from '../../src/engine/engine.ts'
import { importStudy, sourceDigest } from '../../src/runner/study-module.ts'
import { createRunner } from '../click/runner.ts'
import { fingerprint } from './cache.ts'
import type { Subject } from './subject.ts'

/** Studies that are really trained. */
const STUDIES = [
  // Of 360 digits too few are wrong for the accuracy to tell settings apart.
  { name: 'digits MLP', file: '../../studies/digits.ts', metric: 'validationLoss', goal: 'minimize' },
  { name: 'Adult DCN-V2', file: '../studies/adult-dcn-v2.ts', metric: 'validationAuc', goal: 'maximize' },
] as const

/** By the best value so far; what is to be maximised counts up to one, and what is missing of that is measured. */
export async function liveSubjects(): Promise<Subject[]> {
  const engine = await createEngine('wasm')
  const subjects: Subject[] = []
  for (const { name, file, metric, goal } of STUDIES) {
    const url = new URL(file, import.meta.url).href
    const { definition, ...rest } = await importStudy(url)
    const study = { ...rest, definition: { ...definition, metric, goal } }
    subjects.push({
      ...{ name, space: definition.space, objectives: 1, infeasible: false },
      print: fingerprint([rest.space.digest, sourceDigest(url), metric]),
      judge(seed) {
        const curve: (number | null)[] = []
        let best: number | null = null
        return {
          curve,
          async measure(number, params) {
            const folder = mkdtempSync(join(tmpdir(), 'dynotune-bench-'))
            try {
              const runner = createRunner(study, engine, folder)
              const { metrics } = await runner.run(1000 * seed + number, study.space.flatten(params))
              const value = metrics?.[metric] ?? Number.NaN
              const loss = goal === 'minimize' ? value : 1 - value
              if (Number.isFinite(loss)) best = Math.min(best ?? loss, loss)
              curve.push(best)
              return [loss]
            } finally {
              rmSync(folder, { recursive: true })
            }
          },
        }
      },
    })
  }
  return subjects
}
