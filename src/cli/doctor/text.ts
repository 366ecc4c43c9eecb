import { styleText } from 'node:util'
import { formatTable } from '../format.ts'
import type { Examination } from './examination.ts'
import type { EngineFinding } from './probe.ts'
import type { RedisFinding } from './redis.ts'
import { wrap } from './wrap.ts'

/** What was found, for a terminal of 80 columns. */
export function examinationText(examination: Examination): string {
  const { dynotune, node, sqlite, redis, system, cpu, cores, memory, engines, auto, advice } = examination
  const isMeasured = engines.some(({ measured }) => measured !== undefined)
  return [
    `dynotune ${dynotune}`,
    '',
    ...[
      ['Node', `${node.version}; ${node.isEnough ? '' : 'too old: '}${node.required} or newer is needed`],
      ['SQLite', sqlite],
      ['Redis', redisWords(redis)],
      ['system', `${system}, ${cores} × ${cpu}`],
      ['memory', `${gibibytes(memory.free)} of ${gibibytes(memory.total)} free`],
      ['GPU', gpuWords(examination)],
    ].map(([name = '', words = '']) => wrap(name.padEnd(9) + words, ' '.repeat(9))),
    '',
    coloured(
      formatTable(
        ['engine', 'status', ...(isMeasured ? ['GFLOP/s', 'steps/s', 'examples/s'] : []), 'memory', ''],
        engines.map(({ name, status, memory, measured }) => [
          name,
          status,
          ...(isMeasured ? figures(measured) : []),
          memory === undefined ? '' : gibibytes(memory),
          name === auto ? '← auto' : '',
        ]),
      ),
    ),
    '',
    ...engines.map((engine) => wrap(engine.name.padEnd(12) + engineWords(engine), ' '.repeat(12))),
    '',
    ...(isMeasured ? [wrap(measureWords(engines)), ''] : []),
    wrap(advice.why),
    ...(advice.command === undefined ? [] : ['', `  ${advice.command}`]),
  ].join('\n')
}

function redisWords({ installed, server }: RedisFinding): string {
  const here = installed === undefined ? 'not installed here' : `redis-server ${installed} is installed`
  if (!server) return `${here}; REDIS_URL is not set`
  const { address, answers, version, detail } = server
  return answers
    ? `${address} answers${version === undefined ? '' : `, version ${version}`}; ${here}`
    : `${address} does not answer: ${detail}; ${here}`
}

function gpuWords({ gpu: { signs, devices } }: Examination): string {
  if (devices.length === 0) return { nvidia: 'NVIDIA, by its driver', some: 'maybe', none: 'none seen' }[signs]
  return devices
    .map(({ name, memory, driver }) =>
      [
        name,
        ...(memory === undefined ? [] : [gibibytes(memory)]),
        ...(driver === undefined ? [] : [`driver ${driver}`]),
      ].join(', '),
    )
    .join('\n')
}

/** Colours the status of each line, where standard output is a terminal that takes colours. */
function coloured(table: string): string {
  return table
    .replace(/ found /g, styleText('green', '$&'))
    .replace(/ missing\b/g, styleText('yellow', '$&'))
    .replace(/ broken\b/g, styleText('red', '$&'))
}

function figures(measured: EngineFinding['measured']): string[] {
  if (!measured) return ['', '', '']
  const { products, training } = measured
  return [products.gflops, training.stepsPerSecond, training.examplesPerSecond].map(threeDigits)
}

function engineWords({ device, deviceKind, version, detail, remedy }: EngineFinding): string {
  if (device !== undefined)
    return `${device}${deviceKind === 'software' ? ', a GPU in software' : ''}; TensorFlow.js ${version}`
  return `${detail}${remedy === undefined ? '' : `\nTry: ${remedy}.`}`
}

function measureWords(engines: readonly EngineFinding[]): string {
  const sizes = engines.flatMap(({ name, measured }) => (measured ? [`${measured.products.size} for ${name}`] : []))
  return `GFLOP/s: products of square float32 matrices, of size ${sizes.join(', ')}. Steps: training a dense network 784-512-512-10 with Adam, 128 examples a step.`
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

/** `0.812`, `50.0`, `1,570`: three digits that count. */
function threeDigits(value: number): string {
  const digits = { minimumSignificantDigits: 3, maximumSignificantDigits: 3 }
  return value.toLocaleString('en-US', digits)
}
