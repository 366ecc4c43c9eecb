import { engineConformance } from '../../conformance/engine.ts'

await engineConformance('wasm')
