import type { Row } from '../../../bench/engines/result.ts'

/** A row of which only some things matter. */
export function rowLike(parts: Partial<Row>): Row {
  return {
    engine: 'wasm',
    device: 'a processor',
    model: 'mlp',
    batch: 32,
    parameters: 669_706,
    steps: 100,
    stepMs: 10,
    stepMsLow: 9,
    stepMsHigh: 11,
    gradientsMs: 8,
    optimizerMs: 2,
    hostMs: 1,
    gflops: 12.8,
    residentBytes: 2e8,
    deviceBytes: 3e7,
    ...parts,
  }
}
