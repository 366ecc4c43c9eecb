import type { Lease } from '../store/lease.ts'
import type { StudyRequest } from '../store/requests.ts'
import type { Store } from '../store/store.ts'
import type { Reason } from '../study/trial.ts'

/** How a trial ends that the user wants no more. */
export const CANCELLED: Reason = { code: 'trial.cancelled', message: 'Cancelled by the user.' }

const LOOK_EVERY_MS = 1000

export interface RequestWatch {
  /** Looks now, besides every second. */
  look(): Promise<void>
  end(): void
}

/** Brings what users ask of whoever holds a lease, one request after the other. A request that fails is told once, to `fail`. */
export function watchRequests(
  store: Pick<Store, 'takeRequests'>,
  lease: Lease,
  heed: (request: StudyRequest) => Promise<void>,
  fail: (error: unknown) => void,
): RequestWatch {
  let looking = false

  async function look(): Promise<void> {
    if (looking) return
    looking = true
    try {
      for (const request of store.takeRequests(lease)) await heed(request)
    } catch (error) {
      fail(error)
    } finally {
      looking = false
    }
  }

  const timer = setInterval(() => void look(), LOOK_EVERY_MS)
  return { look, end: () => clearInterval(timer) }
}
