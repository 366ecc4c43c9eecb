import { csvLine } from '../report/csv.ts'
import { createSpace } from '../space/space.ts'
import { toJson } from '../study/json.ts'
import type { StudyArchive, TrialRecord } from '../study/record.ts'

/** The text of an export, in parts, so that a large study never has to be held whole. */
export function* exportText(archive: StudyArchive, format: 'csv' | 'json', measurements: boolean): Generator<string> {
  const trials = archive.trials()
  if (format === 'csv') yield* measurements ? measurementsCsv(archive, trials) : trialsCsv(archive, trials)
  else yield* json(archive, trials, measurements)
}

/** One row a trial: a column for every parameter of the space, empty where inactive, and for every metric returned. */
function* trialsCsv({ study }: StudyArchive, trials: readonly TrialRecord[]): Generator<string> {
  const params = createSpace(study.definition.space).parameters.map(({ name }) => name)
  const metrics = [...new Set(trials.flatMap((trial) => Object.keys(trial.metrics ?? {})))].filter(
    (name) => name !== study.definition.metric,
  )
  yield csvLine([
    'trial',
    'state',
    study.definition.metric,
    ...params,
    ...metrics,
    'seconds',
    'attempts',
    'reason',
    'message',
  ])
  for (const { number, state, value, params: assigned, metrics: measured, seconds, attempts, reason } of trials) {
    yield csvLine([
      number,
      state,
      value,
      ...params.map((name) => assigned[name]),
      ...metrics.map((name) => measured?.[name]),
      seconds,
      attempts,
      reason?.code,
      reason?.message,
    ])
  }
}

/** One row a measurement, with the metrics of all of them as columns; read twice rather than held. */
function* measurementsCsv(archive: StudyArchive, trials: readonly TrialRecord[]): Generator<string> {
  const names = new Set<string>()
  for (const { number } of trials)
    for (const { metrics } of archive.measurements(number)) for (const name in metrics) names.add(name)
  const metrics = [...names]
  yield csvLine(['trial', 'step', 'seconds', ...metrics])
  for (const { number } of trials) {
    for (const { step, time, metrics: measured } of archive.measurements(number))
      yield csvLine([number, step, time, ...metrics.map((name) => measured[name])])
  }
}

function* json(archive: StudyArchive, trials: readonly TrialRecord[], measurements: boolean): Generator<string> {
  const space = createSpace(archive.study.definition.space)
  yield `{"study":${JSON.stringify(archive.study)},"trials":[`
  for (const [place, trial] of trials.entries()) {
    const record = {
      ...trial,
      nested: space.nest(trial.params),
      ...(measurements && { measurements: archive.measurements(trial.number) }),
    }
    yield `${place > 0 ? ',' : ''}\n${toJson(record)}`
  }
  yield '\n]}\n'
}
