import type { CommandModule } from 'yargs'
import { JSON_OUTPUT } from '../options.ts'

interface EngineArguments {
  readonly name: string
  readonly json: boolean
}

interface InstallArguments extends EngineArguments {
  readonly cpu: boolean | undefined
  readonly gpu: boolean | undefined
  readonly wheel: readonly string[] | undefined
}

const NAME = { choices: ['tensorflow'] as const, demandOption: true, describe: 'the engine' } as const

const install: CommandModule<object, InstallArguments> = {
  command: 'install <name>',
  describe: 'Build TensorFlow into this project, from the wheel on PyPI',
  builder: (yargs) =>
    yargs
      .positional('name', NAME)
      .options({
        cpu: { type: 'boolean', conflicts: 'gpu', describe: 'TensorFlow for the processor' },
        gpu: {
          type: 'boolean',
          describe: 'TensorFlow for NVIDIA GPUs, with the libraries of CUDA; default where there is an NVIDIA driver',
        },
        wheel: {
          type: 'string',
          array: true,
          requiresArg: true,
          describe: "wheel file to take instead of a download; NVIDIA's may be named too",
        },
        json: JSON_OUTPUT,
      })
      .example('$0 engine install tensorflow', 'the best that this machine can use')
      .example('$0 engine install tensorflow --wheel wheels/*.whl', 'without a download from PyPI')
      .epilogue(
        'Needs Python 3 with pip, make, a C++ compiler and npm. Installs into .dynotune/engines/tensorflow; what is there ' +
          'stays until the new one works.',
      ),
  async handler({ cpu, gpu, wheel, json }) {
    const { installEngine } = await import('../engine-command.ts')
    await installEngine({ variant: cpu ? 'cpu' : gpu ? 'gpu' : undefined, wheels: wheel ?? [], json })
  },
}

const remove: CommandModule<object, EngineArguments> = {
  command: 'remove <name>',
  describe: 'Remove what install has built',
  builder: (yargs) => yargs.positional('name', NAME).options({ json: JSON_OUTPUT }),
  async handler({ json }) {
    const { removeEngine } = await import('../engine-command.ts')
    removeEngine(json)
  },
}

export const engine: CommandModule = {
  command: 'engine <action>',
  describe: 'Install or remove an engine',
  builder: (yargs) =>
    yargs
      .command(install)
      .command(remove)
      .demandCommand(1, 'Name an action; dynotune engine --help lists them.')
      .example('$0 engine install tensorflow', 'build TensorFlow into this project')
      .example('$0 engine remove tensorflow', 'and remove it'),
  handler() {},
}
