/** An unbounded line of values from one producer to one consumer. */
export interface Channel<T> extends AsyncIterable<T> {
  push(value: T): void
  /** The consumer gets what was pushed before, then the error. */
  fail(error: Error): void
  /** The consumer gets what was pushed before, then the end. */
  end(): void
}

export function createChannel<T>(): Channel<T> {
  let values: T[] = []
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
        values = []
        yield* batch
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
