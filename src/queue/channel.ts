/** So that what the consumer does with a batch does not hold up everything else. */
const MOST_AT_ONCE = 250

/** An unbounded line of values from one producer to one consumer, who gets all that are there at once, 250 at most. */
export interface Channel<T> extends AsyncIterable<readonly T[]> {
  push(value: T): void
  /** The consumer gets what was pushed before, then the error. */
  fail(error: Error): void
  /** The consumer gets what was pushed before, then the end. */
  end(): void
}

/** @param onDone told of each value for how many ms it was here: from its arrival until the consumer asked for the next batch */
export function createChannel<T>(onDone?: (ms: number) => void): Channel<T> {
  const values: T[] = []
  const arrivals: number[] = []
  let failure: Error | undefined
  let ended = false
  let wake: (() => void) | undefined

  function notify(): void {
    wake?.()
    wake = undefined
  }

  async function* consume(): AsyncGenerator<readonly T[]> {
    for (;;) {
      while (values.length > 0) {
        const since = arrivals.splice(0, MOST_AT_ONCE)
        yield values.splice(0, MOST_AT_ONCE)
        const now = performance.now()
        for (const arrived of since) onDone?.(now - arrived)
      }
      if (failure) throw failure
      if (ended) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    push(value) {
      if (ended || failure) return
      values.push(value)
      if (onDone) arrivals.push(performance.now())
      notify()
    },
    fail(error) {
      failure ??= error
      notify()
    },
    end() {
      ended = true
      notify()
    },
    [Symbol.asyncIterator]: () => consume(),
  }
}
