import type { z } from 'zod'
import { DynotuneError } from '../errors.ts'

/**
 * The options of a sampler or a pruner with their defaults.
 * @throws DynotuneError `sampler.invalid` or `pruner.invalid`, with the path to the field
 */
export function parseOptions<T extends z.core.$ZodLooseShape>(
  kind: 'sampler' | 'pruner',
  name: string,
  fields: z.ZodObject<T>,
  options: unknown,
): z.output<z.ZodObject<T, z.core.$strict>> {
  const parsed = fields.strict().safeParse(options)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const isUnknown = issue?.code === 'unrecognized_keys'
  const keys = isUnknown ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? [])
  let value = options
  for (const key of keys) value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
  const message = isUnknown
    ? `The ${name} ${kind} has no such option.`
    : `An option of the ${name} ${kind} is not valid: ${issue?.message}.`
  throw new DynotuneError(`${kind}.invalid`, message, {
    path: [kind, name, ...keys].join('.'),
    value,
    remedy: `its options are ${Object.keys(fields.shape).join(', ')}`,
  })
}
