import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Dataset } from '../../src/train/index.ts'
import { ask } from '../engines/ask.ts'

const SCRIPT = fileURLToPath(new URL('../peers/torch_click.py', import.meta.url))
/** Seconds for all seeds. */
const LIMIT = 600

const answer = z.object({
  version: z.string(),
  parameters: z.number(),
  /** For each seed; seconds are the processor's. */
  seconds: z.array(z.number()),
  validation: z.array(z.number()),
  test: z.array(z.number()),
})

export interface TorchOptions {
  readonly python: string
  /** For the arrays. */
  readonly folder: string
  readonly parts: { readonly [part: string]: Dataset }
  /** Of model and training, as the script has it. */
  readonly config: object
}

/**
 * Trains DCN-V2 in PyTorch.
 * @throws Error that says why not
 */
export function trainInTorch({ python, folder, parts, config }: TorchOptions): z.infer<typeof answer> {
  mkdirSync(folder)
  for (const [part, { inputs, labels }] of Object.entries(parts)) {
    for (const [name, { values }] of Object.entries({ ...inputs, labels })) {
      writeFileSync(join(folder, `${part}.${name}`), values)
    }
  }
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
  return ask(answer, python, [SCRIPT, folder], LIMIT)
}
