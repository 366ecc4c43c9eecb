import type { Lease } from '../store/lease.ts'
import type { Store } from '../store/store.ts'

/** What a scheduler does, one turn after the other: what follows from a turn waits until its changes are committed. */
export interface Turns {
  /**
   * Runs `work` once earlier turns are over, in one transaction of the store, and then what it called `afterwards` with, in
   * that order; over when all of this is. Where `work` throws, what it had done before is kept and followed up, and the turn
   * fails with that error. Where nothing could be committed, nothing follows.
   */
  take(work: () => void): Promise<void>
  /** To be called within a turn. */
  afterwards(effect: () => unknown): void
}

export function createTurns(store: Store, lease: Lease): Turns {
  let last = Promise.resolve()
  let effects: (() => unknown)[] = []

  async function run(work: () => void): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    try {
      store.together(lease, () => {
        try {
          work()
        } catch (error) {
          failure = { error }
        }
      })
    } catch (error) {
      effects = []
      throw failure ? failure.error : error
    }
    const following = effects
    effects = []
    // Together: a queue may be a network away.
    await Promise.all(following.map(async (effect) => effect())).catch((error: unknown) => {
      failure ??= { error }
    })
    if (failure) throw failure.error
  }

  return {
    take(work) {
      const done = last.then(() => run(work))
      last = done.catch(() => {})
      return done
    },
    afterwards(effect) {
      effects.push(effect)
    },
  }
}
