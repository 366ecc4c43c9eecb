import { z } from 'zod'
import { parseOptions as parse } from '../study/options.ts'

/** Fields that most pruners share. */
export const steps = z.number().nonnegative()
export const trials = z.int().nonnegative()

/**
 * The options of a pruner with their defaults.
 * @throws DynotuneError `pruner.invalid`, with the path to the field
 */
export function parseOptions<T extends z.core.$ZodLooseShape>(
  pruner: string,
  fields: z.ZodObject<T>,
  options: unknown,
): z.output<z.ZodObject<T, z.core.$strict>> {
  return parse('pruner', pruner, fields, options)
}
