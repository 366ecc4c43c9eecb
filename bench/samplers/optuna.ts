import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { createSpace } from '../../src/space/space.ts'
import { fromOptuna, toOptuna } from './optuna-space.ts'
import type { Asker } from './run.ts'
import type { Subject } from './subject.ts'

/** What Optuna's samplers are called here. `tpe-group` is TPE with a model for each branch of a conditional space. */
export const OPTUNA_SAMPLERS = ['random', 'qmc', 'tpe', 'tpe-group', 'gp', 'cmaes', 'nsga2'] as const
export type OptunaSampler = (typeof OPTUNA_SAMPLERS)[number]

const SCRIPT = fileURLToPath(new URL('../peers/optuna_samplers.py', import.meta.url))

const hello = z.object({ version: z.string(), missing: z.record(z.string(), z.string()) })
const asked = z.object({
  trials: z.array(
    z.object({ number: z.number(), params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
  ),
  seconds: z.number(),
})
const rated = z.object({ seconds: z.number() })

export interface Optuna {
  readonly version: string
  /** Samplers that cannot run here, and why. */
  readonly missing: Readonly<Record<string, string>>
  /** A new study. Infeasible trials are told as failures, as Optuna does with an objective that returns NaN. */
  start(sampler: OptunaSampler, subject: Pick<Subject, 'space' | 'objectives'>, seed: number): Promise<Asker>
  /** The average time of some suggestions, the first with so many trials before it, in 8 dimensions. */
  rate(sampler: OptunaSampler, trials: number, suggestions: number): Promise<z.infer<typeof rated>>
  close(): void
}

/** Starts Optuna in a process of its own. @throws Error when it cannot be loaded */
export async function openOptuna(python: string): Promise<Optuna> {
  const child = spawn(python, [SCRIPT], { stdio: ['pipe', 'pipe', 'pipe'] })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000)
  })
  const failure = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(complaint.trim().split('\n').at(-1) || 'Optuna ended')))
  })
  // Who waits for an answer hears of it; when nobody does, it has ended as it should.
  failure.catch(() => {})
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()

  async function answer<T>(schema: z.ZodType<T>): Promise<T> {
    const line = await lines.next()
    if (line.done) return failure
    return schema.parse(JSON.parse(line.value))
  }

  function request<T>(schema: z.ZodType<T>, message: object): Promise<T> {
    child.stdin.write(`${JSON.stringify(message)}\n`)
    return answer(schema)
  }

  const { version, missing } = await answer(hello)
  return {
    version,
    missing,
    async start(sampler, { space: spec, objectives }, seed) {
      await request(z.object({}), { start: sampler, seed, space: toOptuna(spec), objectives })
      const space = createSpace(spec)
      return {
        async ask(count) {
          const { trials, seconds } = await request(asked, { ask: count })
          const nested = trials.map(({ number, params }) => ({ number, params: space.nest(fromOptuna(space, params)) }))
          return { trials: nested, seconds }
        },
        async tell(trial, values) {
          await request(z.object({}), { tell: trial, ...(values.every(Number.isFinite) && { values }) })
        },
      }
    },
    rate: (sampler, trials, suggestions) => request(rated, { rate: sampler, trials, suggestions }),
    close: () => child.stdin.end(),
  }
}
