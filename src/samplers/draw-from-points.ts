import type { Random } from '../numerics/random.ts'
import type { Assignment } from '../space/params.ts'
import type { StudyView } from '../study/view.ts'
import { drawDistinct, takenIn } from './distinct.ts'

/**
 * Assignments for the trials that follow, each at the point of its number. Where that is not allowed or has been tried
 * (which many points of a finite space are), at uniform points from the trial's own stream instead.
 * @param pointOf one coordinate in [0, 1] a dimension, of the trial with a number
 */
export function drawFromPoints(
  view: StudyView,
  count: number,
  stream: (trial: number) => Random,
  pointOf: (trial: number) => ArrayLike<number>,
): Assignment[] {
  const { space, trials } = view
  const taken = takenIn(view)
  return Array.from({ length: count }, (_, i) => {
    const number = trials.length + i
    let random: Random | undefined
    return drawDistinct(view, taken, (attempt) => {
      if (attempt > 0) random ??= stream(number)
      // One number a dimension, used or not: the order of the source and the branch taken change nothing.
      const point = random ? Array.from({ length: space.dimensions }, random.next) : pointOf(number)
      return space.sample(({ dimension }) => point[dimension] ?? 0)
    })
  })
}
