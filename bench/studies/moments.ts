import { defineStudy, float } from 'dynotune'

/** Trials that only say when they ran, by the clock of the machine: what lies between two of them in one trainer is the harness. */
export default defineStudy({
  name: 'moments',
  space: { x: float(0, 1), y: float(0, 1), z: float(0, 1) },
  metric: 'ms',
  goal: 'minimize',
  budget: { trials: 10_000 },
  sampler: 'random',
  engine: 'cpu',
  run: () => performance.timeOrigin + performance.now(),
})
