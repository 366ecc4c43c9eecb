import type { Parameter } from '../parameter.ts'
import { type Initializer, zerosInit } from './initializers.ts'

/** What multiplies inputs. */
export function kernel(name: string, shape: readonly number[], init: Initializer): Parameter {
  return { name, role: 'kernel', shape, init: (random) => init(shape, random) }
}

/** What is added. It begins at zero. */
export function bias(name: string, shape: readonly number[]): Parameter {
  return { name, role: 'bias', shape, init: () => zerosInit(shape) }
}
