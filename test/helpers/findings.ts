import type { Finding } from '../../src/analysis/finding.ts'

/** What an analysis found; throws where it cannot say. */
export function foundIn<T>(finding: Finding<T>): T {
  if (!finding.known) throw new Error(finding.why)
  return finding.value
}
