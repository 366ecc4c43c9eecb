import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ClassLoad } from '../../queue/redis/options.ts'
import type { Progress } from '../../scheduler/progress.ts'
import type { StudyRun } from '../../scheduler/run-study.ts'
import { studyLabel } from '../../study/record.ts'
import type { TrialView } from '../../study/view.ts'
import { countStates } from '../../study/view.ts'
import type { Observed } from './serve.ts'
import { createHistogram, labelsText, metricText, type Sample } from './text.ts'

/** Figures of a run, kept from what it says as it goes; the trials are counted when somebody asks. */
export interface RunObserver extends Observed {
  begin(run: Pick<StudyRun, 'record'> & { readonly scheduler: Pick<StudyRun['scheduler'], 'trials'> }): void
  progress(progress: Progress): void
  /** An event was dealt with that many ms after it arrived. */
  lag(ms: number): void
  /** Redis was looked at. */
  load(loads: readonly ClassLoad[]): void
  end(): void
}

/** In seconds. */
const LAG_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** How often the event loop is sampled. */
const EVERY_MS = 10
/** For how long Redis, looked at every second, may be out of reach. */
const UNREACHED_MS = 15_000

export function observeRun(now: () => number = () => performance.now()): RunObserver {
  const lags = createHistogram(LAG_BOUNDS)
  const lost = new Map<string, number>()
  const running = new Set<number>()
  const delay = monitorEventLoopDelay({ resolution: EVERY_MS })
  delay.enable()
  let study = ''
  let trials: readonly TrialView[] = []
  let slots = 0
  let testing = 0
  let seen: { readonly loads: readonly ClassLoad[]; readonly at: number } | undefined

  const of = (labels: Readonly<Record<string, string>>) => labelsText({ study, ...labels })

  function trialSamples(): Sample[] {
    // One whose attempt was lost still counts as running there.
    const {
      waiting = 0,
      running: begun = 0,
      complete = 0,
      stopped = 0,
      infeasible = 0,
      failed = 0,
    } = countStates(trials)
    const counts = {
      waiting: waiting + begun - running.size,
      running: running.size,
      complete,
      stopped,
      infeasible,
      failed,
    }
    return Object.entries(counts).map(([state, count]) => [of({ state }), count])
  }

  /** Since somebody last asked. What the sampling itself waits for does not count. */
  function takeDelay(): number {
    const ms = delay.count === 0 ? 0 : delay.percentile(99) / 1e6 - EVERY_MS
    delay.reset()
    return Math.max(0, ms) / 1000
  }

  return {
    begin({ record, scheduler }) {
      study = studyLabel(record)
      trials = scheduler.trials
    },
    progress(progress) {
      const { type } = progress
      if (type === 'slots') slots = progress.slots
      // One that a scheduler before this one started may only be heard of when it measures.
      else if (type === 'started' || type === 'measured') running.add(progress.trial)
      else if (type === 'finished') running.delete(progress.trial.number)
      else if (type === 'lost') {
        running.delete(progress.trial)
        lost.set(progress.reason.code, (lost.get(progress.reason.code) ?? 0) + 1)
      } else if (type !== 'note') testing = type === 'testing' ? 1 : 0
    },
    lag: (ms) => lags.add(ms / 1000),
    load(loads) {
      seen = { loads, at: now() }
    },
    trouble() {
      const silent = seen ? now() - seen.at : 0
      return silent > UNREACHED_MS ? `has not reached Redis for ${Math.round(silent / 1000)} s` : undefined
    },
    metrics() {
      const losses = [...lost].map(([code, count]): Sample => [of({ code }), count])
      const texts = [
        metricText('dynotune_trials', 'gauge', 'Trials of the study, by state.', trialSamples()),
        metricText('dynotune_attempts_lost_total', 'counter', 'Attempts that were lost, by why.', losses),
        metricText('dynotune_slots', 'gauge', 'Trials that it may run at once.', [[of({}), slots]]),
        metricText('dynotune_busy_slots', 'gauge', 'Trials that run.', [[of({}), running.size + testing]]),
        metricText(
          'dynotune_scheduler_lag_seconds',
          'histogram',
          'From when an event of a trainer is read until it is committed and followed up.',
          lags.samples(),
        ),
        metricText(
          'dynotune_event_loop_lag_seconds',
          'summary',
          'By how much the event loop was late since this was last read.',
          [[labelsText({ quantile: '0.99' }), takeDelay()]],
        ),
      ]
      if (seen) {
        const samples = (of: (load: ClassLoad) => number) =>
          seen?.loads.map((load): Sample => [labelsText({ class: load.class }), of(load)]) ?? []
        texts.push(
          metricText(
            'dynotune_queue_depth',
            'gauge',
            'Trials of the class that wait in Redis.',
            samples(({ waiting }) => waiting),
          ),
          metricText(
            'dynotune_needed_slots',
            'gauge',
            'Slots that the studies of the class could use now.',
            samples(({ needed }) => needed),
          ),
        )
      }
      return texts.join('')
    },
    end: () => void delay.disable(),
  }
}
