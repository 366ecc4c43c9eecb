import type { Argv, CommandModule } from 'yargs'
import { ENGINE_NAMES } from '../../study/engine.ts'
import { JSON_OUTPUT, PREFIX, REDIS } from '../options.ts'
import type { WorkerArguments } from '../worker-command.ts'

export const worker: CommandModule<object, WorkerArguments> = {
  command: 'worker',
  describe: 'Run trials that dynotune run --redis hands out, on this machine',
  builder: (yargs): Argv<WorkerArguments> =>
    yargs
      .options({
        redis: REDIS,
        slots: {
          type: 'string',
          requiresArg: true,
          describe: 'how many trials to run at once',
          defaultDescription: 'one for each NVIDIA GPU; without any, half as many as there are cores',
        },
        engine: {
          choices: ENGINE_NAMES,
          requiresArg: true,
          describe: 'what to load ahead, and what computes where a study leaves it open',
        },
        devices: {
          type: 'string',
          requiresArg: true,
          describe: 'GPUs to train on, counted from 0: 0,1; slots take them in turn',
          defaultDescription: 'all NVIDIA GPUs',
        },
        'gpu-memory': {
          type: 'string',
          requiresArg: true,
          describe: 'GPU memory of each slot, such as 24GB: trials that ask for more are left to others',
          defaultDescription: 'what nvidia-smi says, divided among the slots of a GPU',
        },
        class: {
          type: 'string',
          requiresArg: true,
          describe:
            'which trials to take: those of dynotune run --class of the same name; of a list the later ones where no trial of an earlier one waits',
          default: 'default',
        },
        label: {
          type: 'string',
          array: true,
          requiresArg: true,
          describe: 'what dynotune top is to show of this worker: name=value',
        },
        prefix: PREFIX,
        name: {
          type: 'string',
          requiresArg: true,
          describe: 'what to call it; no two workers may have the same',
          defaultDescription: 'host name and process id',
        },
        'trust-unsigned': {
          type: 'boolean',
          default: false,
          describe: 'run without DYNOTUNE_SECRET whatever a Redis on this machine hands out',
        },
        grace: {
          type: 'string',
          requiresArg: true,
          describe: 'how long trials may go on when it is asked to leave: 90, 30s, 15m',
          default: '30s',
        },
        http: {
          type: 'string',
          requiresArg: true,
          describe: 'answer /healthz and /metrics (Prometheus) on this port of 127.0.0.1; 0 takes a free one',
        },
        json: { ...JSON_OUTPUT, describe: 'log in JSON, as where the output is no terminal' },
      })
      .example('$0 worker --redis redis://gpu-host:6379', 'a slot for each GPU of this machine')
      .example('$0 worker --redis rediss://gpu-host --slots 4 --engine wasm', 'four trials at once on the processor')
      .example('$0 worker --redis redis://gpu-host --class gpu-80g --label rack=7', 'for trials that ask for it')
      .example(
        '$0 worker --redis redis://gpu-host --class gpu-80g,default',
        'for others too when there are none of those',
      )
      .epilogue(
        'DYNOTUNE_SECRET is the same 16 or more characters here and for dynotune run. SIGTERM or Ctrl-C: takes no more ' +
          'trials, hands back those that take longer than --grace, with their checkpoints, and leaves with exit code 0; ' +
          'Ctrl-C twice leaves at once.',
      ),
  async handler(args) {
    const { workerCommand } = await import('../worker-command.ts')
    process.exitCode = await workerCommand(args)
  },
}
