/** What no classifier can beat, to within chance, where the probabilities of the label 1 are known. */
export interface Bayes {
  /** Mean over the rows of the entropy of the label, in nats. */
  readonly logLoss: number
  readonly accuracy: number
  /** Chance that of a row labelled 1 and one labelled 0, both at random, the first has the higher probability. */
  readonly auc: number
}

/**
 * Expected over the labels of the given rows, whose probabilities of the label 1 are `probabilities`:
 * AUC = sum over pairs of p_i (1 - p_j) [p_i > p_j] / (sum p_i sum (1 - p_j)), ties counted half.
 */
export function bayesOf(probabilities: readonly number[]): Bayes {
  const rows = probabilities.length
  const sorted = probabilities.toSorted((a, b) => a - b)
  let [logLoss, hits, ones, zeros, wins] = [0, 0, 0, 0, 0]
  let [tiedOnes, tiedZeros] = [0, 0]
  sorted.forEach((p, i) => {
    logLoss -= (p > 0 ? p * Math.log(p) : 0) + (p < 1 ? (1 - p) * Math.log(1 - p) : 0)
    hits += Math.max(p, 1 - p)
    tiedOnes += p
    tiedZeros += 1 - p
    if (p === sorted[i + 1]) return
    wins += tiedOnes * (zeros + tiedZeros / 2)
    ones += tiedOnes
    zeros += tiedZeros
    tiedOnes = 0
    tiedZeros = 0
  })
  return { logLoss: logLoss / rows, accuracy: hits / rows, auc: wins / (ones * zeros) }
}
