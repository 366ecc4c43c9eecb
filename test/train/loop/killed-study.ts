import { defineStudy, float, int } from 'dynotune'
import { adam, loadDigits, mlp, splitDataset, testBest, train } from 'dynotune/train'

const model = mlp({ inputs: 64, hidden: [16], classes: 10, dropout: 0.2 })

/** A trial that is killed with -9 in the middle of a step: at step 13 in its first attempt, at 27 in its second. */
export default defineStudy({
  name: 'killed',
  space: { learningRate: float(1e-3, 1e-1), kills: int(0, 2) },
  metric: 'validationAccuracy',
  goal: 'maximize',
  budget: { trials: 1 },
  async run(trial) {
    const killedAt = trial.attempt <= trial.params.kills ? 14 * trial.attempt - 1 : Number.POSITIVE_INFINITY
    let step = trial.checkpoint.load()?.step ?? 0
    const { metrics } = await train(trial, {
      model,
      optimizer: adam(trial.params),
      data: splitDataset(loadDigits()),
      ...{ batchSize: 32, steps: 40, evaluateEvery: 8, checkpointEvery: 5 },
      augment(_tf, batch) {
        if (++step === killedAt) process.kill(process.pid, 'SIGKILL')
        return batch
      },
    })
    return metrics
  },
  test: (trial) => testBest(trial, { model, data: splitDataset(loadDigits()).validation }),
})
