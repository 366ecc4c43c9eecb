import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { ChosenEngine } from '../engine/choose.ts'
import type { Environment } from '../study/record.ts'

const require = createRequire(import.meta.url)

/**
 * Where this process runs and on what: stored with every attempt, so that figures can be compared like with like. The
 * field `note` is what there is to say about the choice of the engine.
 */
export function describeEnvironment({ engine, note }: ChosenEngine): Environment {
  machine ??= describeMachine()
  return { ...machine, engine: engine.name, device: engine.device, ...(note !== undefined && { note }) }
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
