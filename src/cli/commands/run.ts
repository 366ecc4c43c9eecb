import type { Argv, CommandModule } from 'yargs'
import { ENGINE_NAMES } from '../../study/engine.ts'
import { DB, JSON_OUTPUT, OUT } from '../options.ts'
import type { RunArguments } from '../run-command.ts'

/** Which workers run the trials, and where the run says how it does. */
export const WORKERS = {
  redis: {
    type: 'string',
    describe:
      'let workers take the trials from this Redis: redis://host:6379, or rediss:// for TLS; without a value, as the last word, from $DYNOTUNE_REDIS',
  },
  class: {
    type: 'string',
    requiresArg: true,
    describe: 'with --redis: which workers are to run them, if not those that the study names',
  },
  prefix: {
    type: 'string',
    requiresArg: true,
    describe: 'with --redis: what all its keys begin with',
    default: 'dynotune',
  },
  weight: {
    type: 'string',
    requiresArg: true,
    describe: 'with --redis: in what proportion it shares slots with other studies',
  },
  priority: {
    type: 'string',
    requiresArg: true,
    describe: 'with --redis: studies of a higher one get the slots that they can use first',
  },
  http: {
    type: 'string',
    requiresArg: true,
    describe: 'answer /healthz and /metrics (Prometheus) on this port of 127.0.0.1; 0 takes a free one',
  },
} as const

export const run: CommandModule<object, RunArguments> = {
  command: 'run <study>',
  describe: 'Run a study, or continue it where it stopped',
  builder: (yargs): Argv<RunArguments> =>
    yargs
      .positional('study', {
        type: 'string',
        demandOption: true,
        describe: 'TypeScript file whose default export is a study',
      })
      .options({
        trials: { alias: 'n', type: 'string', requiresArg: true, describe: 'how many trials to finish' },
        parallel: { alias: 'p', type: 'string', requiresArg: true, describe: 'how many trainers run at once' },
        reproducible: {
          type: 'boolean',
          describe: 'give the same trials however long each takes: suggestions leave out the last outcomes',
        },
        seed: { type: 'string', requiresArg: true, describe: 'seed of all randomness' },
        engine: { choices: ENGINE_NAMES, requiresArg: true, describe: 'what computes' },
        devices: {
          type: 'string',
          requiresArg: true,
          describe: 'GPUs to train on, counted from 0: 0,1; trainers take them in turn, one each if not told how many',
        },
        sampler: {
          type: 'string',
          requiresArg: true,
          describe:
            'what chooses parameters: auto, gaussianProcess, tpe, bohb, cmaEs, smsEgo, nsga2, pbt, sobol, halton, latinHypercube, random, grid',
        },
        pruner: {
          type: 'string',
          requiresArg: true,
          describe:
            'what ends poor trials early: none, median, percentile, successiveHalving, hyperband, learningCurve, threshold, patience, wilcoxon',
        },
        timeout: {
          type: 'string',
          requiresArg: true,
          describe: 'start no trial after this time and ask running ones to end: 90, 30s, 15m, 2h',
        },
        ...WORKERS,
        'any-engine-version': {
          type: 'boolean',
          default: false,
          describe: 'go on with engines of other versions than the study began with, though results differ in detail',
        },
        fresh: { type: 'boolean', default: false, describe: 'start a new study under the next number' },
        db: DB,
        out: OUT,
        json: { ...JSON_OUTPUT, describe: 'print one JSON object a line for each event, then a summary' },
      })
      .example('$0 run studies/digits.ts', 'run it, or continue it')
      .example('$0 run studies/digits.ts --trials 100 --parallel 4', 'more trials, four at once')
      .example('$0 run studies/digits.ts --fresh --seed 7', 'a new study with another seed')
      .example('$0 run studies/digits.ts --redis redis://gpu-host:6379', 'on all workers of a Redis')
      .example('$0 run studies/digits.ts --json | tail -n 1', 'the summary, for a script')
      .epilogue('Ctrl-C finishes the running trials; twice stops at once. Either way nothing is lost.'),
  async handler(args) {
    const { runCommand } = await import('../run-command.ts')
    process.exitCode = await runCommand(args)
  },
}
