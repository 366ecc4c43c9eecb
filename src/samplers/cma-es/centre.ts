import type { StudyView } from '../../study/view.ts'
import { axesOf, type Point, pointOf } from '../axes.ts'
import { lossOf } from '../observations.ts'

/** Where the first generation is: at the best of what earlier studies found, as far as that says. */
export function centreOf(view: StudyView): { readonly centre: Point; readonly isKnown: boolean } {
  const axes = axesOf(view.space)
  // Values compare within one study only: the one with the most.
  const studies = Map.groupBy(view.earlier ?? [], ({ study }) => study)
  const largest = [...studies.values()].reduce((a, b) => (b.length > a.length ? b : a), [])
  const best = largest.reduce<(typeof largest)[number] | undefined>(
    (found, trial) => (!found || lossOf(trial.goal, trial.value) < lossOf(found.goal, found.value) ? trial : found),
    undefined,
  )
  return { centre: pointOf(axes, best?.params ?? {}), isKnown: best !== undefined }
}
