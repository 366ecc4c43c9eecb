import { csvLine, toCsv } from '../report/csv.ts'
import { trialTable } from '../report/trial-table.ts'
import { createSpace } from '../space/space.ts'
import { toJson } from '../study/json.ts'
import type { StudyArchive, TrialRecord } from '../study/record.ts'

/** The text of an export, in parts, so that a large study never has to be held whole. */
export function* exportText(archive: StudyArchive, format: 'csv' | 'json', measurements: boolean): Generator<string> {
  const trials = archive.trials()
  const { metric, space } = archive.study.definition
  if (format === 'json') yield* json(archive, trials, measurements)
  else if (measurements) yield* measurementsCsv(archive, trials)
  else yield toCsv(trialTable({ trials, space: createSpace(space), metric }))
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
