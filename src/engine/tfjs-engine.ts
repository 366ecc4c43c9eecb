import { DynotuneError } from '../errors.ts'
import type { Engine, Tf } from '../study/engine.ts'

interface Backend {
  readonly name: Engine['name']
  /** Asked whenever it is read: some back ends know their device only once they run. */
  device(): string
  /** As the engine has it. */
  readonly library?: string
  deviceKind(): Engine['deviceKind']
  /** What TensorFlow.js calls the back end. */
  readonly backend: string
  /** Loads the packages and registers the back end. */
  open(): Promise<Tf>
  /** Called once, when the back end has started. */
  started?(tf: Tf): void | Promise<void>
  /** Waits for the device, where there is something better to wait with than reading a number back. */
  finish?(): Promise<void>
}

/** An engine from one back end of TensorFlow.js. */
export function tfjsEngine({ name, device, library, deviceKind, backend, open, started, finish }: Backend): Engine {
  let loading: Promise<Tf> | undefined
  let loaded: Tf | undefined

  async function start(): Promise<Tf> {
    const tf = await open()
    await activate(tf)
    await started?.(tf)
    loaded = tf
    return tf
  }

  async function activate(tf: Tf): Promise<void> {
    if (tf.findBackend(backend) !== null && tf.getBackend() === backend) return
    if (!(await tf.setBackend(backend))) {
      throw new DynotuneError('engine.broken', `The engine "${name}" did not start.`, {
        path: 'engine',
        value: name,
        remedy: 'see what it wrote above; `dynotune doctor` lists the engines that work here',
      })
    }
    await tf.ready()
  }

  return {
    name,
    ...(library !== undefined && { library }),
    get device() {
      return device()
    },
    get deviceKind() {
      return deviceKind()
    },
    async load() {
      loading ??= start()
      const tf = await loading
      // Another engine may have been made the current one since.
      await activate(tf)
      return tf
    },
    memory() {
      if (!loaded) return { tensors: 0, bytes: 0 }
      const { numTensors, numBytes } = loaded.memory()
      return { tensors: numTensors, bytes: numBytes }
    },
    async synchronize() {
      const tf = loaded
      if (!tf) return
      if (finish) return finish()
      const scalar = tf.scalar(0)
      await scalar.data()
      scalar.dispose()
    },
  }
}
