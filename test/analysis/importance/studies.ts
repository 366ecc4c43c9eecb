import { createRandom } from '../../../src/numerics/random.ts'
import { bool, choice, float, int, type SpaceSpec } from '../../../src/space/domain.ts'
import type { Assignment } from '../../../src/space/params.ts'
import { createSpace } from '../../../src/space/space.ts'
import type { StudyView, TrialView } from '../../../src/study/view.ts'

/** A study of uniform trials of a formula, the same for the same seed. */
export function formulaStudy(
  spec: SpaceSpec,
  trials: number,
  value: (params: Assignment, noise: number) => number,
  seed = 0,
): StudyView {
  const space = createSpace(spec)
  return {
    space,
    metric: 'loss',
    goal: 'minimize',
    seed,
    trials: Array.from({ length: trials }, (_, number): TrialView => {
      const random = createRandom(seed, number, 'formula')
      const params = space.sample(() => random.next())
      return { number, params, state: 'complete', value: value(params, random.normal()) }
    }),
  }
}

const get = (params: Assignment, name: string) => Number(params[name] ?? 0)

/** The studies that Optuna's importances are recorded of. */
export const RECORDED: { readonly [name: string]: () => StudyView } = {
  /** Ranges without a logarithm, which Optuna's forest measures as ours does. */
  linear: () =>
    formulaStudy(
      { a: float(-2, 2), b: float(0, 1), c: float(-1, 3), d: int(1, 30), e: float(0, 1) },
      200,
      (params, noise) =>
        get(params, 'a') ** 2 + get(params, 'b') * get(params, 'c') + 0.04 * get(params, 'd') + 0.05 * noise,
    ),
  /** Every kind of domain that both sides have. */
  mixed: () =>
    formulaStudy(
      {
        rate: float(1e-5, 1, { scale: 'log' }),
        batch: int(8, 512, { scale: 'log' }),
        layers: int(1, 6),
        width: int(10, 500, { step: 10 }),
        activation: choice(['relu', 'tanh', 'gelu']),
        augment: bool(),
        dropout: float(0, 0.5),
      },
      120,
      (params, noise) =>
        (Math.log10(get(params, 'rate')) + 2) ** 2 +
        0.3 * Math.abs(get(params, 'layers') - 4) +
        (params.activation === 'tanh' ? 1 : 0) +
        0.2 * Math.log2(get(params, 'batch')) +
        0.1 * noise,
    ),
  conditional: () =>
    formulaStudy(
      {
        rate: float(1e-4, 1, { scale: 'log' }),
        optimizer: choice({
          sgd: { momentum: float(0, 0.99) },
          adam: { beta1: float(0.8, 0.99), beta2: float(0.9, 1) },
        }),
      },
      160,
      (params, noise) =>
        (Math.log10(get(params, 'rate')) + 2) ** 2 +
        (params.optimizer === 'sgd' ? 2 * get(params, 'sgd.momentum') : 30 * (get(params, 'adam.beta1') - 0.9) ** 2) +
        0.1 * noise,
    ),
  /** Values that are equal often, at the edge of the best tenth too. */
  ties: () =>
    formulaStudy({ a: float(0, 1), b: int(0, 3) }, 90, (params) => Math.floor(4 * get(params, 'a')) + get(params, 'b')),
}
