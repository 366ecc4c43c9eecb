import { defineStudy, float } from 'dynotune'

/** Trials that do nothing: what is left is the cost of the harness. */
export default defineStudy({
  name: 'noop',
  space: { x: float(0, 1), y: float(0, 1), z: float(0, 1) },
  metric: 'value',
  goal: 'minimize',
  budget: { trials: 10_000 },
  parallel: 2,
  sampler: 'random',
  engine: 'cpu',
  run: ({ params }) => params.x,
})
