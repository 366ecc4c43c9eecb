const seconds = () => performance.now() / 1000

/**
 * How often something is done in a second, measured for a second after one time that does not count: that one compiles,
 * packs and fills caches.
 * @param work asks for it; a GPU goes on by itself
 * @param wait resolves when all that was asked for is done: called after about a tenth of a second's work at a time, so
 * that waiting weighs little and no long line builds up
 */
export async function measureRate(work: () => void, wait: () => Promise<unknown>, now = seconds): Promise<number> {
  work()
  await wait()
  const began = now()
  let done = 0
  let chunk = 1
  for (;;) {
    for (let i = 0; i < chunk; i++) work()
    await wait()
    done += chunk
    const elapsed = now() - began
    if (elapsed >= 1) return done / elapsed
    chunk = Math.max(1, Math.min(2 * chunk, Math.floor(done / elapsed / 10)))
  }
}
