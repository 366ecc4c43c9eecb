import { checkCount } from './check.ts'

/** How many numbers a model gives for each row: a logit for each class, or predictions. */
export type Outputs = { readonly classes: number } | { readonly outputs: number }

/** Their number. Throws `model.invalid` unless it is positive. */
export function countOutputs(path: string, config: Outputs): number {
  const [name, count] = 'classes' in config ? ['classes', config.classes] : ['outputs', config.outputs]
  checkCount(`${path}.${name}`, count)
  return count
}
