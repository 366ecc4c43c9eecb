import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DynotuneError } from '../../../errors.ts'
import { runTool } from './run-tool.ts'
import { type Target, type Variant, variantOf } from './target.ts'
import { readWheel, type Wheel } from './wheel.ts'

/** The releases that are installed: those that the addon has been built against and tried with. */
export const RELEASES = '2.21.*'

export interface WheelOptions {
  /** Wheels on this machine, instead of a download. */
  readonly files: readonly string[]
  readonly variant: Variant | undefined
  /** What is installed when neither `variant` nor a wheel says so. */
  readonly fallback: Variant
  readonly target: Target
  /** Where downloads go. */
  readonly folder: string
  readonly python: string
  readonly signal: AbortSignal | undefined
  say(line: string): void
}

export interface Wheels {
  readonly variant: Variant
  readonly tensorflow: Wheel
  /** NVIDIA's libraries, for a GPU. */
  readonly cuda: readonly Wheel[]
}

/**
 * Gets TensorFlow's wheel and, for a GPU, those of the CUDA libraries that it asks for: from the files given, and what
 * is not among them from PyPI by way of pip, which compares each with the digest that its index has.
 * @throws DynotuneError `engine.install`
 */
export async function obtainWheels(options: WheelOptions): Promise<Wheels> {
  const { files, target, variant: asked, fallback, say } = options
  const given = await Promise.all(files.map(readWheel))
  const own = given.find((wheel) => variantOf(wheel, target) !== undefined)
  if (files.length > 0 && !own) {
    throw new DynotuneError('engine.install', 'Among the wheels there is none of TensorFlow.', {
      path: '--wheel',
      value: given.map(({ name }) => name),
      remedy: `name one of ${Object.values(target.distributions).join(' or ')}`,
    })
  }
  const variant = (own && variantOf(own, target)) ?? asked ?? fallback
  if (asked !== undefined && asked !== variant) {
    throw new DynotuneError(
      'engine.install',
      `The wheel is the one for the ${variant}, but --${asked} was asked for.`,
      {
        path: `--${asked}`,
        value: own?.path,
        remedy: `leave --${asked} out, or name another wheel`,
      },
    )
  }
  const distribution = target.distributions[variant]
  if (distribution === undefined) {
    throw new DynotuneError('engine.install', 'There is no TensorFlow for a GPU on this platform.', {
      path: '--gpu',
      value: `${process.platform} ${process.arch}`,
      remedy: 'use the engine "webgpu"; or leave --gpu out',
    })
  }
  const [tensorflow = own] = own ? [] : await download([`${distribution}==${RELEASES}`], options)
  if (!tensorflow) throw new DynotuneError('internal', 'pip downloaded nothing.')
  if (variant === 'cpu') return { variant, tensorflow, cuda: [] }
  const cuda = given.filter(({ name }) => name.startsWith('nvidia-'))
  const needed = cudaRequirements(tensorflow).filter(({ name }) => !cuda.some((wheel) => wheel.name === name))
  if (needed.length > 0) say(`TensorFlow asks for ${needed.length} more wheels, with the libraries of CUDA`)
  return {
    variant,
    tensorflow,
    cuda: [
      ...cuda,
      ...(await download(
        needed.map(({ text }) => text),
        options,
      )),
    ],
  }
}

/** What `pip install tensorflow[and-cuda]` would install beside it. */
export function cudaRequirements({ requirements }: Pick<Wheel, 'requirements'>): { name: string; text: string }[] {
  return requirements.flatMap((requirement) => {
    const [text = '', condition = ''] = requirement.split(/\s*;\s*/, 2)
    const [name] = /^[\w.-]+/.exec(text) ?? []
    return name !== undefined && /extra == ["']and-cuda["']/.test(condition) ? [{ name: name.toLowerCase(), text }] : []
  })
}

async function download(requirements: readonly string[], options: WheelOptions): Promise<Wheel[]> {
  if (requirements.length === 0) return []
  const { folder, say } = options
  const before = new Set(readdirSync(folder))
  say(`downloading ${requirements.join(', ')} from PyPI`)
  try {
    await pip(requirements, options)
  } catch (error) {
    // TensorFlow has wheels for some versions of Python only, and the library in all of them is the same.
    const isPythonToBlame = error instanceof DynotuneError && /No matching distribution/.test(String(error.cause))
    if (!isPythonToBlame) throw error
    await pip(['--python-version', '3.12', ...requirements], options).catch(() => {
      throw error
    })
  }
  const names = readdirSync(folder).filter((name) => name.endsWith('.whl') && !before.has(name))
  return Promise.all(names.map((name) => readWheel(join(folder, name))))
}

/** @throws DynotuneError `engine.install` when Python has no pip */
export async function requirePip({ python }: { readonly python: string }, signal?: AbortSignal): Promise<void> {
  await runTool(python, ['-m', 'pip', '--version'], {
    task: 'find pip, which downloads TensorFlow',
    remedy: 'install pip (`sudo apt-get install python3-pip`, or `python3 -m ensurepip`); or name a wheel with --wheel',
    signal,
  })
}

async function pip(args: readonly string[], { folder, python, signal, say }: WheelOptions): Promise<void> {
  const fixed = ['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--no-input', '--progress-bar=off']
  await runTool(python, [...fixed, '--dest', folder, ...args], {
    task: 'download TensorFlow with pip',
    remedy: 'see what pip says; or download the wheel elsewhere and name it with --wheel',
    signal,
    onLine: (line) => /^\s*Downloading .*\(/.test(line) && say(line.trim()),
  })
}
