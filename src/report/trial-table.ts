import type { Table } from './csv.ts'
import type { ReportInput } from './input.ts'

/** Every trial with all its digits: parameters (empty where inactive), metrics, time, reason. */
export function trialTable({ trials, space, metric }: Pick<ReportInput, 'trials' | 'space' | 'metric'>): Table {
  const params = space.parameters.map(({ name }) => name)
  const metrics = [...new Set(trials.flatMap((trial) => Object.keys(trial.metrics ?? {})))].filter(
    (name) => name !== metric,
  )
  return {
    columns: ['trial', 'state', metric, ...params, ...metrics, 'seconds', 'attempts', 'reason', 'message'],
    rows: trials.map((trial) => [
      trial.number,
      trial.state,
      trial.value,
      ...params.map((name) => trial.params[name]),
      ...metrics.map((name) => trial.metrics?.[name]),
      trial.seconds,
      trial.attempts,
      trial.reason?.code,
      trial.reason?.message,
    ]),
  }
}
