import type { Progress } from '../../scheduler/progress.ts'
import type { StudyRun } from '../../scheduler/run-study.ts'

/** What shows a run while it runs. */
export interface View {
  begin(run: Pick<StudyRun, 'record' | 'definition' | 'finishedBefore'>): void
  progress(progress: Progress): void
  /** A remark outside of the trials. */
  say(text: string): void
  end(): void
}
