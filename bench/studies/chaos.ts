import { setTimeout as sleep } from 'node:timers/promises'
import { defineStudy, float } from 'dynotune'

/** Trials of 0.2 to 3 s that say something every tenth of a second; what they say follows from their parameters. */
export default defineStudy({
  name: 'chaos',
  space: { x: float(0, 1), seconds: float(0.2, 3) },
  metric: 'loss',
  goal: 'minimize',
  budget: { trials: 2000 },
  sampler: 'halton',
  engine: 'cpu',
  async run({ params, report }) {
    const steps = Math.round(params.seconds * 10)
    for (let step = 1; step <= steps; step++) {
      await sleep(100)
      report({ step, loss: params.x + 1 / step })
    }
    return params.x
  },
})
