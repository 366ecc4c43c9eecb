import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os'
import type { Engine } from '../study/engine.ts'
import type { Environment } from '../study/record.ts'

const require = createRequire(import.meta.url)

/** Where this process runs and on what: stored with every attempt, so that figures can be compared like with like. */
export function describeEnvironment(engine: Engine): Environment {
  return {
    dynotune: packageVersion(),
    node: process.versions.node,
    platform: `${platform()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    engine: engine.name,
    device: engine.device,
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
