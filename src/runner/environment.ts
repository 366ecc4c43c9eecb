import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { ChosenEngine } from '../engine/choose.ts'
import type { Environment } from '../study/record.ts'
import type { Reason } from '../study/trial.ts'

const require = createRequire(import.meta.url)

/**
 * Where this process runs and on what: stored with every attempt, so that figures can be compared like with like. The
 * field `note` is what there is to say about the choice of the engine.
 */
export function describeEnvironment({ engine, note }: ChosenEngine): Environment {
  machine ??= describeMachine()
  const engineVersion = [`TensorFlow.js ${machine.tfjs}`, engine.library].filter(Boolean).join(', ')
  return { ...machine, engine: engine.name, engineVersion, device: engine.device, ...(note !== undefined && { note }) }
}

/**
 * Why an attempt cannot go on there: its engine has another version than the study began with, and would not give the same
 * numbers.
 * @param versions by engine
 */
export function otherVersion(
  versions: Readonly<Record<string, string>>,
  { engine = '', engineVersion }: Environment,
): Reason | undefined {
  const began = versions[engine]
  if (began === undefined || engineVersion === undefined || began === engineVersion) return undefined
  return {
    code: 'engine.version',
    message: `The study began on ${engine} with ${began}; this machine has ${engineVersion}, which would not give the same numbers.`,
    remedy: 'install that version there, start anew with --fresh, or let versions mix with --any-engine-version',
  }
}

/** Asked for before every trial, and the same every time. */
let machine: ReturnType<typeof describeMachine> | undefined

function describeMachine() {
  return {
    dynotune: packageVersion(),
    node: process.versions.node,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    tfjs: String(require('@tensorflow/tfjs-core/package.json').version),
  }
}

/** The version in package.json, two folders up in the source and three in what is published. */
export function packageVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version }: { name?: string; version?: string } = require(path)
      if (name === 'dynotune' && version) return version
    } catch {
      // Not at this depth.
    }
  }
  return 'unknown'
}
