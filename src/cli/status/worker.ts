import type { RunningWorker } from '../../worker/contract.ts'
import type { Observed } from './serve.ts'
import { labelsText, metricText } from './text.ts'

const REASONS = {
  taking: undefined,
  leaving: 'is leaving and takes no more trials',
  disconnected: 'has no connection to Redis',
}

/** How a worker is: well while it takes trials. */
export function observeWorker(worker: Pick<RunningWorker, 'slots' | 'counts' | 'record' | 'state'>): Observed {
  return {
    trouble: () => REASONS[worker.state()],
    metrics() {
      const { running, finished, lost, refused, restarts } = worker.counts()
      const { name, classes, version, engine } = worker.record()
      const info = labelsText({ name, class: classes.join(','), version, engine })
      const outcomes = Object.entries({ finished, lost, refused })
      return [
        metricText('dynotune_worker_slots', 'gauge', 'Trials that it can run at once.', [['', worker.slots]]),
        metricText('dynotune_worker_busy_slots', 'gauge', 'Trials that it runs.', [['', running]]),
        metricText(
          'dynotune_worker_trials_total',
          'counter',
          'Trials since it began, by what came of them.',
          outcomes.map(([outcome, count]) => [labelsText({ outcome }), count]),
        ),
        metricText('dynotune_trainer_restarts_total', 'counter', 'Trainers that took the place of others.', [
          ['', restarts],
        ]),
        metricText('dynotune_worker_info', 'gauge', 'What it is; always 1.', [[info, 1]]),
      ].join('')
    },
  }
}
