/** Adds up the seconds between starts and stops. */
export interface Stopwatch {
  start(): void
  stop(): void
  readonly seconds: number
}

/** @param seconds to begin from */
export function createStopwatch(seconds = 0): Stopwatch {
  let began: number | undefined
  const running = () => (began === undefined ? 0 : (performance.now() - began) / 1000)
  return {
    start() {
      began ??= performance.now()
    },
    stop() {
      seconds += running()
      began = undefined
    },
    get seconds() {
      return seconds + running()
    },
  }
}
