import type { Scalar } from '../../space/domain.ts'
import { shortName } from '../format.ts'

/** Short labels for the options of a choice, each different: those that would read the same are numbered. */
export function optionLabels(options: readonly Scalar[], limit: number): string[] {
  const labels = options.map((option) => shortName(String(option), limit) || '(empty)')
  return labels.map((label, index) => {
    const isAlone = labels.indexOf(label) === labels.lastIndexOf(label)
    return isAlone ? label : `${shortName(label, limit - 4)} #${index + 1}`
  })
}
