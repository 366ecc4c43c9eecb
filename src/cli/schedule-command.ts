import { writeFileSync } from 'node:fs'
import { DynotuneError } from '../errors.ts'
import { render } from '../report/render.ts'
import type { Schedule } from '../train/schedules/schedule.ts'
import { wrap } from './doctor/wrap.ts'
import { buildSchedule } from './schedule/build.ts'
import { CATALOGUE } from './schedule/catalogue.ts'
import { drawChart } from './schedule/chart.ts'
import { scheduleFigure } from './schedule/figure.ts'
import { parseNumber, parseSpec } from './schedule/grammar.ts'
import { type MetricSource, readMetric } from './schedule/metric.ts'
import { importSchedules } from './schedule/module.ts'
import { type Series, sample } from './schedule/series.ts'
import { nameOf } from './schedule/values.ts'

/** Steps that are drawn of a schedule that has no length of its own. */
const STEPS = 100
/** More are neither drawn nor held. */
const MOST_STEPS = 10_000_000

const LIST_NOTE =
  'Options with = need not be given. In parentheses: the function of dynotune/train. It has growBatch too, which grows a batch where a rate would decay.'

export interface PlotOptions {
  /** The last step that is drawn; by default as many as show the longest of the schedules. */
  readonly steps: number | undefined
  /** What all schedules are multiplied with. */
  readonly rate: number
  /** What reduceOnPlateau follows: values with commas between them, or the name of a file of them. */
  readonly metric: string | undefined
  /** File for an SVG figure. */
  readonly svg: string | undefined
  readonly width: number
  readonly log: boolean
  readonly colour: boolean
  readonly json: boolean
}

/** Draws schedules as text, or gives their values as JSON; writes a figure too where a file is named for it. */
export async function plotSchedules(specs: readonly string[], options: PlotOptions): Promise<string> {
  const { rate, svg, log, json } = options
  const measured = options.metric === undefined ? undefined : readMetric(options.metric)
  const metric = measured && (() => measured)
  const named = (await Promise.all([...new Set(specs)].map((spec) => schedulesOf(spec, metric)))).flat()
  const steps = options.steps ?? (Math.ceil(Math.max(...named.map(({ shows }) => shows))) || STEPS)
  if (steps > MOST_STEPS)
    throw new DynotuneError('option.invalid', 'These are too many steps to draw.', {
      path: '--steps',
      value: steps,
      remedy: `draw at most ${MOST_STEPS.toLocaleString('en-US')}`,
    })
  const series = named.map(({ label, schedule }) => sample(label, schedule, steps, rate))
  if (svg !== undefined) await writeFigure(svg, series, log)
  if (json)
    return JSON.stringify({
      steps,
      rate,
      schedules: series.map(({ label, values }) => ({ spec: label, values: [...values] })),
    })
  return `${drawChart(series, options)}${svg === undefined ? '' : `\n\nfigure: ${svg}`}`
}

/** Parses `--rate`: any number but 0. */
export function parseRate(text: string): number {
  const rate = parseNumber(text)
  if (Number.isFinite(rate) && rate !== 0) return rate
  throw new DynotuneError('option.invalid', '--rate takes a number other than 0.', { path: '--rate', value: text })
}

/** The names of all schedules, with their options. */
export function listSchedules(json: boolean): string {
  if (json) {
    const optionOf = (option: string) => ({ name: nameOf(option), default: option.split('=')[1] ?? null })
    return JSON.stringify(
      CATALOGUE.map(({ name, function: code, about, options }) => ({
        name,
        function: code,
        about,
        options: options.map(optionOf),
      })),
      null,
      2,
    )
  }
  const drawn = CATALOGUE.flatMap(({ name, function: code, about, options, wraps }) => [
    wrap(`${name}${wraps ? '[(…)]' : ''}:${options.join(', ')}`, '    ').replaceAll(', ', ','),
    `  ${wrap(`${about} (${code})`, '  ')}`,
  ])
  return [...drawn, '', wrap(LIST_NOTE)].join('\n')
}

interface NamedSchedule {
  readonly label: string
  readonly schedule: Schedule
  readonly shows: number
}

/** The schedule of a spec; of a file without a name, all that it exports. */
async function schedulesOf(text: string, metric: MetricSource | undefined): Promise<NamedSchedule[]> {
  const spec = parseSpec(text)
  if (spec.kind === 'module' && spec.name === undefined) {
    const exported = [...(await importSchedules(spec.file))]
    if (exported.length === 0)
      throw new DynotuneError('option.invalid', 'The file exports no function.', {
        path: spec.file,
        remedy: 'export a function of the step',
      })
    return exported.map(([name, schedule]) => ({ label: `${text}#${name}`, schedule, shows: 0 }))
  }
  try {
    const { schedule, shows } = await buildSchedule(spec, metric)
    return [{ label: text, schedule, shows }]
  } catch (error) {
    // What a schedule refuses when it is made was asked for on the command line.
    if (!(error instanceof DynotuneError) || error.code !== 'schedule.invalid') throw error
    throw new DynotuneError('option.invalid', error.message, { path: text, value: error.value })
  }
}

async function writeFigure(path: string, series: readonly Series[], log: boolean): Promise<void> {
  const { light } = await render(scheduleFigure(series, log))
  try {
    writeFileSync(path, light)
  } catch (cause) {
    throw new DynotuneError('report.unwritable', 'The figure cannot be written.', {
      path,
      remedy: 'name a file in a folder that is there and may be written to',
      cause,
    })
  }
}
