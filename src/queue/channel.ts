/** An unbounded line of values from one producer to one consumer. */
export interface Channel<T> extends AsyncIterable<T> {
  push(value: T): void
  /** The consumer gets what was pushed before, then the error. */
  fail(error: Error): void
  /** The consumer gets what was pushed before, then the end. */
  end(): void
}

/** @param onDone told of each value for how many ms it was here: from its arrival until the consumer asked for the next */
export function createChannel<T>(onDone?: (ms: number) => void): Channel<T> {
  let values: T[] = []
  let arrivals: number[] = []
  let failure: Error | undefined
  let ended = false
  let wake: (() => void) | undefined

  function notify(): void {
    wake?.()
    wake = undefined
  }

  async function* consume(): AsyncGenerator<T> {
    for (;;) {
      while (values.length > 0) {
        const batch = values
        const since = arrivals
        values = []
        arrivals = []
        if (!onDone) yield* batch
        else
          for (const [i, value] of batch.entries()) {
            yield value
            onDone(performance.now() - (since[i] ?? 0))
          }
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
