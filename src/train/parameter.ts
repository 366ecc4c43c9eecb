import type { Random } from '../numerics/random.ts'

/**
 * What a parameter is for. `kernel`: multiplies inputs, and is decayed. `bias`: added. `scale`: multiplies a normalized
 * activation, or shifts it. `embedding`: a table with a row for each id, of which a step touches a few. `statistic`: gathered
 * while training rather than trained, such as a running mean.
 */
export type Role = 'kernel' | 'bias' | 'scale' | 'embedding' | 'statistic'

/** A parameter of a model, as its optimizer and its checkpoints know it. */
export interface ParameterInfo {
  /** Unique within the model, a path: `hidden1/kernel`. */
  readonly name: string
  readonly role: Role
  readonly shape: readonly number[]
}

/** A parameter of a model, with what it takes to begin. */
export interface Parameter extends ParameterInfo {
  /** Fresh values, row-major, drawn from a stream of the parameter's own: the same on every engine. */
  init(random: Random): Float32Array
  /** Of an embedding: the input with the ids that it is looked up with. */
  readonly input?: string
  /** Kept as it begins. Default false; a statistic is never trained. */
  readonly frozen?: boolean
}

export function isTrained({ role, frozen = false }: Parameter): boolean {
  return role !== 'statistic' && !frozen
}
