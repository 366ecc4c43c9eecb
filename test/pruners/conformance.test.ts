import { hyperband } from '../../src/pruners/hyperband.ts'
import { learningCurve } from '../../src/pruners/learning-curve.ts'
import { patience } from '../../src/pruners/patience.ts'
import { median, percentile } from '../../src/pruners/percentile.ts'
import { successiveHalving } from '../../src/pruners/successive-halving.ts'
import { threshold } from '../../src/pruners/threshold.ts'
import { wilcoxon } from '../../src/pruners/wilcoxon.ts'
import { prunerConformance } from '../conformance/pruner.ts'

prunerConformance('median', (warmUp) => median(warmUp), { steps: 'order' })
prunerConformance('percentile', (warmUp) => percentile({ percentile: 25, ...warmUp }), { steps: 'order' })
prunerConformance('successiveHalving', (warmUp) => successiveHalving(warmUp), { steps: 'unit' })
prunerConformance('hyperband', (warmUp) => hyperband(warmUp), { steps: 'unit', byNumber: true })
prunerConformance('threshold', (warmUp) => threshold({ atMost: 1, ...warmUp }), { steps: 'order', absolute: true })
prunerConformance('patience', (warmUp) => patience(warmUp), { steps: 'order' })
prunerConformance('wilcoxon', (warmUp) => wilcoxon(warmUp), { steps: 'order', byNumber: true, worth: 'mean' })
prunerConformance('learningCurve', (warmUp) => learningCurve(warmUp), { steps: 'unit' })
