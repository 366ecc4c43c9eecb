import { formatNumber, formatSeconds } from '../../report/format.ts'
import { studyLabel } from '../../study/record.ts'
import type { StudyDefinition } from '../../study/study.ts'
import { formatParams } from '../format.ts'
import type { View } from './view.ts'
import { lostWords, noteWords, trialWords, untestedWords } from './words.ts'

/** One plain line a finished trial: for logs, pipes and CI. */
export function linesView({ metric }: StudyDefinition, print: (line: string) => void): View {
  let total: number | undefined
  return {
    begin({ record, definition, finishedBefore }) {
      total = definition.budget.trials
      const asked = total === undefined ? 'until the time is up' : `${total} trials`
      const resumed = finishedBefore > 0 ? `, ${finishedBefore} of them done before` : ''
      print(`${studyLabel(record)}: ${asked}${resumed}, ${definition.goal} ${metric}`)
    },
    progress(progress) {
      if (progress.type === 'finished') {
        const { trial, best, isBest, seconds, done } = progress
        const place = total === undefined ? `[${done}]` : `[${String(done).padStart(String(total).length)}/${total}]`
        const leader =
          best?.value === undefined
            ? ''
            : isBest
              ? '  best so far'
              : `  (best ${formatNumber(best.value)}, trial ${best.number})`
        print(
          `${place} trial ${trial.number}  ${trialWords(trial)}  ${formatSeconds(seconds)}${leader}  ${formatParams(trial.params)}`,
        )
      } else if (progress.type === 'lost') {
        print(lostWords(progress))
      } else if (progress.type === 'note') {
        print(noteWords(progress))
      } else if (progress.type === 'testing') {
        print(`testing trial ${progress.trial}`)
      } else if (progress.type === 'untested') {
        print(untestedWords(progress))
      }
    },
    say: print,
    end() {},
  }
}
