import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

/** How Dawn's promises are waited for. */
export interface Callbacks {
  /** Awaits the promise that Dawn gives for a request. */
  wait<T>(request: () => Promise<T>): Promise<T>
  /** Makes a request and waits for the condition to hold without a turn of the event loop. */
  waitSync(request: () => unknown, condition: () => boolean): void
}

type Callback = () => void

/** How long to look at every turn of the event loop, which keeps a processor busy; after that it is every millisecond. */
const BUSY_MS = 2

/**
 * Dawn for Node finds out what the device has done in a function that it puts on the event loop with `setImmediate`, again
 * and again while anyone waits. This takes what it puts there, and so can wait in two ways that Dawn does not offer: at once,
 * where a promise will not do (`dataSync`), and without keeping a processor busy all the while, which others may need: the
 * software adapter for one, which computes on it.
 * @param request the first thing that is asked of Dawn, by which the function is recognized
 */
export function catchCallbacks<T>(request: () => T): { readonly requested: T; readonly callbacks: Callbacks } {
  const { setImmediate } = globalThis
  let look: Callback | undefined
  const requested = withImmediate((callback) => {
    look ??= callback
    return setImmediate(callback)
  }, request)
  let waiting = 0
  let due: Callback[] = []

  /** Keeps what Dawn puts on the event loop. */
  function keeping<R>(work: () => R): R {
    return withImmediate((callback) => {
      due.push(callback)
    }, work)
  }

  function callBack(callbacks: readonly Callback[]): void {
    keeping(() => {
      for (const callback of callbacks) callback()
    })
  }

  function takeDue(): Callback[] {
    const taken = due
    due = []
    return taken
  }

  /** What is left is for others, who wait as Dawn would have it. */
  function resume(): void {
    if (waiting === 0) for (const callback of takeDue()) setImmediate(callback)
  }

  return {
    requested,
    callbacks: {
      async wait(request) {
        waiting++
        let settled = false
        const settle = () => {
          settled = true
        }
        try {
          const asked = keeping(request)
          asked.then(settle, settle)
          const busyUntil = performance.now() + BUSY_MS
          while (!settled) {
            await (performance.now() < busyUntil ? turn() : sleep(1))
            callBack(takeDue())
          }
          return await asked
        } finally {
          waiting--
          resume()
        }
      },
      waitSync(request, condition) {
        keeping(request)
        // Its function may be on the event loop already, out of reach; to call it once more does no harm.
        while (!condition()) callBack(due.length > 0 ? takeDue() : look ? [look] : [])
        resume()
      },
    },
  }
}

function withImmediate<R>(substitute: (callback: Callback) => unknown, work: () => R): R {
  const { setImmediate } = globalThis
  Reflect.set(globalThis, 'setImmediate', substitute)
  try {
    return work()
  } finally {
    Reflect.set(globalThis, 'setImmediate', setImmediate)
  }
}
