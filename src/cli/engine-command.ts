import { relative } from 'node:path'
import { type Installed, type InstallOptions, installTensorflow } from '../engine/tensorflow/install/install.ts'
import { removeTensorflow } from '../engine/tensorflow/install/remove.ts'
import { EXIT } from './exit.ts'

export interface InstallRequest {
  readonly variant: InstallOptions['variant']
  readonly wheels: readonly string[]
  /** Print the result as JSON, and what is being done on standard error. */
  readonly json: boolean
}

/** Installs TensorFlow in the current folder and says what it does. Ctrl-C undoes what has been done. */
export async function installEngine({ variant, wheels, json }: InstallRequest): Promise<void> {
  const say = json ? console.error : console.log
  const interruption = new AbortController()
  const interrupt = () => interruption.abort()
  for (const signal of SIGNALS) process.on(signal, interrupt)
  try {
    const { signal } = interruption
    const installed = await installTensorflow({ directory: process.cwd(), variant, wheels, signal, say })
    console.log(json ? JSON.stringify(installed, null, 2) : installedText(installed))
  } catch (error) {
    if (!interruption.signal.aborted) throw error
    process.exitCode = EXIT.interrupted
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Removes TensorFlow from the current folder. */
export function removeEngine(json: boolean): void {
  const { folder, manifest } = removeTensorflow(process.cwd())
  const what = manifest ? `TensorFlow ${manifest.tensorflow}, ${megabytes(manifest.bytes)}` : 'a damaged installation'
  console.log(json ? JSON.stringify({ folder, ...manifest }, null, 2) : `removed ${what}, from ${shown(folder)}`)
}

function installedText({ tensorflow, device, folder, bytes, wheels, tfjsNode, replaced }: Installed): string {
  return [
    `TensorFlow ${tensorflow} is installed in ${shown(folder)}, ${megabytes(bytes)}`,
    `  computes on  ${device}`,
    `  made of      ${wheels.map(({ file }) => file).join(', ')}; tfjs-node ${tfjsNode}`,
    ...(replaced === undefined ? [] : [`  replaces     ${replaced}`]),
    '  to use it    --engine tensorflow, or --engine auto, in this folder and those in it',
    '  to remove it dynotune engine remove tensorflow',
  ].join('\n')
}

function shown(folder: string): string {
  return relative(process.cwd(), folder) || folder
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
