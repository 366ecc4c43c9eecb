import { createLogUpdate } from 'log-update'
import { formatNumber, formatSeconds } from '../../report/format.ts'
import type { Progress } from '../../scheduler/progress.ts'
import type { StudyRun } from '../../scheduler/run-study.ts'
import { studyLabel } from '../../study/record.ts'
import type { StudyDefinition } from '../../study/study.ts'
import type { TrialView } from '../../study/view.ts'
import { formatParams } from '../format.ts'
import type { View } from './view.ts'
import { lostWords, noteWords, trialWords, untestedWords } from './words.ts'

const REDRAW_MS = 100
const BAR_WIDTH = 30

interface TrainerLine {
  trial: number
  params: string
  startedAt: number
  step: number | undefined
  metric: number | undefined
}

/** Redraws in place: a line a trainer, a progress bar with the time left, the best so far. Failures scroll by above. */
export function liveView(
  { metric }: StudyDefinition,
  stream: NodeJS.WritableStream & { columns?: number } = process.stdout,
): View {
  const update = createLogUpdate(stream)
  const trainers: (TrainerLine | undefined)[] = []
  const began = performance.now()
  let run: Pick<StudyRun, 'record' | 'definition' | 'finishedBefore'> | undefined
  let done = 0
  let slots = 0
  let best: TrialView | undefined
  let remark = ''
  let timer: NodeJS.Timeout | undefined

  function draw(): void {
    if (!run) return
    const width = (stream.columns ?? 80) - 1
    const lines = [head(run), ...Array.from({ length: slots }, (_, slot) => trainerLine(slot, trainers[slot], metric))]
    lines.push(progressLine(), bestLine())
    if (remark) lines.push(remark)
    update(lines.map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line)).join('\n'))
  }

  function progressLine(): string {
    const total = run?.definition.budget.trials
    const elapsed = (performance.now() - began) / 1000
    if (total === undefined) return `${done} trials, ${formatSeconds(elapsed)}`
    const filled = Math.min(BAR_WIDTH, Math.round((done / total) * BAR_WIDTH))
    const here = done - (run?.finishedBefore ?? 0)
    const left = here > 0 ? `, about ${formatSeconds((elapsed / here) * Math.max(0, total - done))} left` : ''
    return `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ${done}/${total}, ${formatSeconds(elapsed)}${left}`
  }

  function bestLine(): string {
    if (best?.value === undefined) return 'no value yet'
    return `best: trial ${best.number}, ${metric} ${formatNumber(best.value)}  ${formatParams(best.params)}`
  }

  function above(line: string): void {
    update.clear()
    stream.write(`${line}\n`)
    draw()
  }

  function take(progress: Progress): void {
    switch (progress.type) {
      case 'slots':
        slots = progress.slots
        break
      case 'started':
        trainers[progress.trainer] = {
          trial: progress.trial,
          params: formatParams(progress.params),
          startedAt: performance.now(),
          step: undefined,
          metric: undefined,
        }
        break
      case 'measured': {
        const line = trainers[progress.trainer]
        if (line?.trial === progress.trial)
          Object.assign(line, { step: progress.step, metric: progress.metrics[metric] ?? line.metric })
        break
      }
      case 'finished':
        done = progress.done
        best = progress.best
        if (progress.trainer !== undefined) trainers[progress.trainer] = undefined
        if (progress.trial.value === undefined) above(`trial ${progress.trial.number} ${trialWords(progress.trial)}`)
        break
      case 'lost':
        if (progress.trainer !== undefined) trainers[progress.trainer] = undefined
        above(lostWords(progress))
        break
      case 'note':
        above(noteWords(progress))
        break
      case 'testing':
        remark = `testing trial ${progress.trial} …`
        break
      case 'tested':
        remark = ''
        break
      case 'untested':
        remark = ''
        above(untestedWords(progress))
        break
    }
  }

  return {
    begin(started) {
      run = started
      done = started.finishedBefore
      timer = setInterval(draw, REDRAW_MS)
      draw()
    },
    progress: take,
    say(text) {
      remark = text
      draw()
    },
    end() {
      clearInterval(timer)
      update.clear()
      update.done()
    },
  }
}

function head({ record, definition }: Pick<StudyRun, 'record' | 'definition'>): string {
  return `${studyLabel(record)}: ${definition.goal} ${definition.metric}, ${definition.sampler}, seed ${definition.seed}`
}

function trainerLine(slot: number, line: TrainerLine | undefined, metric: string): string {
  if (!line) return `  trainer ${slot + 1}  waiting`
  const seconds = formatSeconds((performance.now() - line.startedAt) / 1000)
  const value = line.metric === undefined ? '' : `  ${metric} ${formatNumber(line.metric)}`
  const step = line.step === undefined ? '' : `  step ${line.step}`
  return `  trainer ${slot + 1}  trial ${line.trial}  ${seconds}${step}${value}  ${line.params}`
}
