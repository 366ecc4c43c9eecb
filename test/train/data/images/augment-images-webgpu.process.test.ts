import { augmentationConformance } from './conformance.ts'

await augmentationConformance('webgpu')
