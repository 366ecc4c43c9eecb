import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { DynotuneError } from '../../../errors.ts'
import { gpuSigns } from '../../gpu-signs.ts'
import { runTool, said } from './run-tool.ts'
import type { Variant } from './target.ts'

const REPORT = z.object({ version: z.string(), device: z.string(), gpu: z.boolean() })

/** What an installation said of itself when it was tried. */
export type TrialReport = z.infer<typeof REPORT>

/**
 * Loads an installation in a process of its own, multiplies two matrices and trains a step.
 * @throws DynotuneError `engine.install` when that fails, or when one for GPUs does not use the GPU that is there
 */
export async function tryInstallation(folder: string, variant: Variant, signal?: AbortSignal): Promise<TrialReport> {
  const entry = new URL(`try-main${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  const lines: string[] = []
  const output = await runTool(process.execPath, [fileURLToPath(entry), folder], {
    task: 'compute with what was built',
    remedy: 'see what TensorFlow says',
    // Warnings say what is in the way of a GPU.
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '1' },
    signal,
    onLine: (line) => lines.push(line),
  })
  const report = REPORT.parse(JSON.parse(output.split('\n').at(-1) ?? ''))
  if (variant === 'gpu' && !report.gpu && gpuSigns() === 'nvidia') {
    throw new DynotuneError('engine.install', 'TensorFlow works, but it does not use the GPU of this machine.', {
      path: '--gpu',
      value: report.device,
      remedy: 'see what TensorFlow says; a newer NVIDIA driver may be needed; or install it with --cpu',
      cause: said(lines.slice(-25)),
    })
  }
  return report
}
