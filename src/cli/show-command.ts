import { DynotuneError } from '../errors.ts'
import { formatNumber, formatSeconds } from '../report/format.ts'
import { createSpace } from '../space/space.ts'
import { toJson } from '../study/json.ts'
import type { StudyArchive } from '../study/record.ts'
import { studyLabel } from '../study/record.ts'
import { countStates, ranked } from '../study/view.ts'
import { formatParams, formatTable } from './format.ts'

/** The head of a study and its ten best trials, as text or JSON. */
export function showStudy({ study, trials: readTrials }: StudyArchive, json: boolean): string {
  const trials = readTrials()
  const { metric, goal, seed, sampler, space } = study.definition
  const counts = countStates(trials)
  const top = ranked(trials, goal).slice(0, 10)
  const [winner] = top
  const params = winner && createSpace(space).nest(winner.params)
  if (json) {
    return toJson(
      {
        name: study.name,
        number: study.number,
        createdAt: study.createdAt,
        digest: study.digest,
        metric,
        goal,
        seed,
        sampler,
        counts,
        best: winner && { ...winner, params },
        test: study.test,
      },
      2,
    )
  }
  const states = Object.entries(counts).map(([state, count]) => `${count} ${state}`)
  const lines = [
    `${studyLabel(study)}: ${goal} ${metric}, ${sampler} sampler, seed ${seed}, since ${study.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
    `trials: ${states.join(', ') || 'none yet'}`,
  ]
  if (winner) {
    lines.push(`best: trial ${winner.number}, ${metric} ${formatNumber(winner.value)}`)
    for (const [name, value] of Object.entries(study.test?.metrics ?? {}))
      lines.push(`test: ${name} ${formatNumber(value)}, of trial ${study.test?.trial}`)
    lines.push(JSON.stringify(params, null, 2), '')
    lines.push(
      formatTable(
        ['trial', metric, 'seconds', 'parameters'],
        top.map(({ number, value, seconds, params }) => [
          String(number),
          formatNumber(value),
          seconds === undefined ? '' : seconds.toFixed(1),
          formatParams(params),
        ]),
      ),
    )
  }
  return lines.join('\n')
}

/** Everything about one trial, as text or JSON. */
export function showTrial(archive: StudyArchive, number: number, json: boolean): string {
  const trial = archive.trials()[number]
  if (!trial)
    throw new DynotuneError('option.invalid', `${studyLabel(archive.study)} has no trial ${number}.`, {
      path: '--trial',
      value: number,
    })
  const measurements = archive.measurements(number)
  const output = archive.output(number)
  const params = createSpace(archive.study.definition.space).nest(trial.params)
  if (json) return toJson({ ...trial, params, measurements, output }, 2)
  const { state, value, metrics, reason, seconds, attempts, environment } = trial
  const { metric } = archive.study.definition
  const last = measurements.at(-1)
  const lines = [
    `trial ${number}: ${state}${value === undefined ? '' : `, ${metric} ${formatNumber(value)}`}${seconds === undefined ? '' : `, ${formatSeconds(seconds)}`}${attempts > 1 ? `, attempt ${attempts}` : ''}`,
    JSON.stringify(params, null, 2),
    ...Object.entries(metrics ?? {}).map(([name, metric]) => `${name}: ${formatNumber(metric)}`),
    ...(last
      ? [`${measurements.length} measurements, the last at step ${last.step}: ${formatParams(last.metrics)}`]
      : []),
    ...(environment ? [formatParams(environment)] : []),
    ...(reason ? [`reason: ${reason.message} [${reason.code}]`] : []),
    ...(reason?.remedy ? [`try: ${reason.remedy}`] : []),
    ...(reason?.stack ? [reason.stack] : []),
    ...(output ? ['output:', output.trimEnd()] : []),
  ]
  return lines.join('\n')
}
