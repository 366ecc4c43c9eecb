import { table } from '../../src/report/markdown.ts'
import { digits } from './digits.ts'
import type { Row } from './result.ts'

/** What a step of a row is made of, as Markdown; nothing where it was not asked for. */
export function profileSections({ engine, model, batch, profile }: Row): string[] {
  if (!profile) return []
  const { kernels, gpu, programs = [], stepMs } = profile
  return [
    `## A step of ${model} at batch ${batch} on ${engine}: ${digits(stepMs)} ms while watched`,
    ...(gpu
      ? [
          `It asks for ${digits(gpu.dispatches)} dispatches in ${digits(gpu.submits)} submissions, makes ${digits(gpu.buffers)} buffers and sends ${digits(gpu.uploaded)} bytes.`,
        ]
      : []),
    timesTable('kernel', 'ms on the host', kernels),
    ...(programs.length > 0 ? [timesTable('program', 'ms on the GPU', programs)] : []),
  ]
}

function timesTable(
  what: string,
  where: string,
  times: readonly { readonly name: string; readonly calls: number; readonly ms: number }[],
): string {
  const all = { name: 'all', calls: sum(times.map(({ calls }) => calls)), ms: sum(times.map(({ ms }) => ms)) }
  const rows = [...times, all].map(({ name, calls, ms }) => [name, digits(calls), digits(ms)])
  return table([what, 'calls a step', where], rows, ['l', 'r', 'r'])
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
