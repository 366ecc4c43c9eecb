import { existsSync } from 'node:fs'
import { DynotuneError } from '../../errors.ts'
import type { Engine, EngineOptions, Tf } from '../../study/engine.ts'
import { processor } from '../processor.ts'
import { tfjsEngine } from '../tfjs-engine.ts'
import { isOnGpu, libraryVersion } from './backend.ts'
import { registerElementwise } from './elementwise.ts'
import { nvidiaGpus, selectGpu } from './gpu.ts'
import { loadPlace } from './load-place.ts'
import { mendPadding } from './padding.ts'
import { findPlaces, type Place } from './places.ts'
import { registerQuickKernels } from './quick-kernels.ts'
import { registerReplaceRows } from './replace-rows.ts'

/** How TensorFlow is found and loaded; tests put their own in. */
export interface Library {
  find(): readonly Place[]
  load(place: Place): Promise<Tf>
}

/**
 * TensorFlow's C library through tfjs-node, on one GPU or the processor: what `dynotune engine install tensorflow` built,
 * or else the package `tfjs-node-gpu`, or else `tfjs-node`. Loads the library to find out whether it works.
 * @throws DynotuneError `engine.missing` when there is none, `engine.broken` when none of those there loads,
 * `engine.device` when there are GPUs but not that one
 */
export async function tensorflowEngine(
  { device }: EngineOptions = {},
  library: Library = { find: findPlaces, load: loadPlace },
): Promise<Engine> {
  const { variables, model = 'GPU' } = selectGpu(device, AS_STARTED, nvidiaGpus())
  Object.assign(process.env, variables)
  const tf = await loadFirst(library)
  const version = `TensorFlow ${libraryVersion(tf)}`.trim()
  return tfjsEngine({
    name: 'tensorflow',
    backend: 'tensorflow',
    library: version,
    device: () => (isOnGpu(tf) ? `${model}, ${version}` : `${processor()}, ${version}`),
    deviceKind: () => (isOnGpu(tf) ? 'gpu' : 'processor'),
    open: async () => tf,
    started(tf) {
      registerElementwise(tf)
      registerReplaceRows(tf)
      mendPadding(tf)
      // Measured on processors only; and a GPU says nothing of places outside.
      if (!isOnGpu(tf)) registerQuickKernels(tf)
    },
    // What is read must be computed there: a number made here would be answered from here.
    finish: async () => tf.tidy(() => void tf.add(tf.scalar(0), tf.scalar(0)).dataSync()),
  })
}

/** The variables before any engine has changed them: a process may make the engine more than once. */
const AS_STARTED = { ...process.env }

async function loadFirst({ find, load }: Library): Promise<Tf> {
  let failure: { place: Place; cause: unknown } | undefined
  for (const place of find()) {
    try {
      return await load(place)
    } catch (cause) {
      failure ??= { place, cause }
    }
  }
  throw failure ? broken(failure.place, failure.cause) : missing()
}

function missing(): DynotuneError {
  return new DynotuneError('engine.missing', 'The engine "tensorflow" is not installed.', {
    path: 'engine',
    value: 'tensorflow',
    remedy: 'install it with `dynotune engine install tensorflow`, or use the engine "wasm"',
  })
}

function broken({ kind, name, addon }: Place, cause: unknown): DynotuneError {
  const again = kind === 'installation' ? ' again' : ''
  const install = `build it${again} with \`dynotune engine install tensorflow\`, or use the engine "wasm"`
  const details = { path: 'engine', value: 'tensorflow' }
  if (kind === 'package' && !existsSync(addon)) {
    return new DynotuneError('engine.broken', `The package ${name} is installed without its native binary.`, {
      ...details,
      remedy: `\`npm install-scripts approve ${name}\` and then \`npm rebuild ${name}\`; or ${install}`,
    })
  }
  return new DynotuneError('engine.broken', `The engine "tensorflow" is installed as ${name} but does not load.`, {
    ...details,
    remedy: kind === 'package' ? `\`npm rebuild ${name}\`; or ${install}` : install,
    cause,
  })
}
