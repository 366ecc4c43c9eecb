import type { CommandModule } from 'yargs'
import { JSON_OUTPUT, wholeNumber } from '../options.ts'

interface PlotArguments {
  readonly spec: readonly string[] | undefined
  readonly steps: string | undefined
  readonly rate: string
  readonly metric: string | undefined
  readonly svg: string | undefined
  readonly width: string | undefined
  readonly log: boolean
  readonly json: boolean
}

const GRAMMAR = `A schedule is written name:option=value,option=value; a value alone is the first option's, or one more of the option before it. Schedules go on from one another with ->, each for its own steps or for those after @; * multiplies them; warmup(...) wraps one; a number is a constant; parentheses group. schedules.ts draws all functions that a file exports, schedules.ts#name one. dynotune schedule list names the schedules and their options.`

const plot: CommandModule<object, PlotArguments> = {
  command: 'plot <spec..>',
  describe: 'Draw schedules against the step',
  builder: (yargs) =>
    yargs
      .positional('spec', { type: 'string', array: true, describe: 'schedules: cosine:steps=1000,end=0.1' })
      .options({
        steps: {
          type: 'string',
          requiresArg: true,
          describe: 'last step that is drawn; default: the end of the longest, else 100',
        },
        rate: { type: 'string', default: '1', requiresArg: true, describe: 'what the schedules are multiplied with' },
        metric: {
          type: 'string',
          requiresArg: true,
          describe:
            'what reduceOnPlateau follows: its value after each step (1,.8,.7), or a file with value or step,value a line',
        },
        svg: { type: 'string', requiresArg: true, describe: 'file that gets the figure as SVG' },
        width: { type: 'string', requiresArg: true, describe: 'columns of the chart; default: those of the terminal' },
        log: { type: 'boolean', default: false, describe: 'logarithmic values' },
        json: JSON_OUTPUT,
      })
      .example('$0 schedule plot cosine:1000', 'from 1 to 0 in 1000 steps')
      .example("$0 schedule plot 'warmup:50,factor=0->cosine:950' --rate 0.1", 'a rate that warms up first')
      .example("$0 schedule plot 'linear:10*exponential:0.98' step:30 --log", 'a product, and another beside it')
      .example("$0 schedule plot 'warmup(noam:512):steps=400' --svg noam.svg", 'a figure as well')
      .example('$0 schedule plot reduceOnPlateau:patience=1 --metric 1,.8,.8,.8', 'what it would have made of a metric')
      .example('$0 schedule plot schedules.ts#mine --steps 500', 'one of your own')
      .epilogue(GRAMMAR),
  async handler({ spec = [], steps, rate, metric, svg, width, log, json }) {
    const { parseRate, plotSchedules } = await import('../schedule-command.ts')
    const options = {
      steps: wholeNumber('--steps', steps, 1),
      rate: parseRate(rate),
      width: wholeNumber('--width', width, 40) ?? process.stdout.columns ?? 80,
      colour: process.stdout.isTTY && process.stdout.hasColors(),
      metric,
      svg,
      log,
      json,
    }
    console.log(await plotSchedules(spec, options))
  },
}

const list: CommandModule<object, { readonly json: boolean }> = {
  command: 'list',
  describe: 'Name all schedules with their options',
  builder: (yargs) => yargs.options({ json: JSON_OUTPUT }),
  async handler({ json }) {
    const { listSchedules } = await import('../schedule-command.ts')
    console.log(listSchedules(json))
  },
}

export const schedule: CommandModule = {
  command: 'schedule <action>',
  describe: 'Draw learning-rate and other schedules, or list them',
  builder: (yargs) =>
    yargs
      .command(plot)
      .command(list)
      .demandCommand(1, 'Name an action; dynotune schedule --help lists them.')
      .example('$0 schedule plot cosine:1000', 'draw one')
      .example('$0 schedule list', 'all that there are'),
  handler() {},
}
