import { DynotuneError } from '../errors.ts'
import type { Domain, FloatDomain, IntDomain, SpaceSpec } from './domain.ts'

/** Throws a typed error, with the path to the field, on the first thing that is wrong with a space. */
export function validateSpace(spec: unknown, path = 'space'): asserts spec is SpaceSpec {
  if (!isRecord(spec)) {
    throw new DynotuneError('space.domain', 'A space is an object of parameter names and domains.', {
      path,
      value: spec,
    })
  }
  if (Object.keys(spec).length === 0) {
    throw new DynotuneError('space.empty', 'The space has no parameters, so there is nothing to tune.', {
      path,
      remedy: "add at least one, such as learningRate: float(1e-4, 1, { scale: 'log' })",
    })
  }
  validateLevel(spec, path, '', new Map())
}

/** `taken` holds the flat names seen so far, with the path where each was. */
function validateLevel(spec: Record<string, unknown>, path: string, prefix: string, taken: Map<string, string>): void {
  for (const [key, domain] of Object.entries(spec)) {
    const here = `${path}.${key}`
    validateName(key, here, prefix !== '')
    const name = prefix + key
    const other = taken.get(name)
    if (other !== undefined) {
      throw new DynotuneError(
        'space.duplicate_name',
        `Two parameters have the flat name "${name}": ${other} and ${here}.`,
        {
          path: here,
          value: name,
          remedy:
            'rename one of the branches or one of the parameters: a conditional parameter is named after its branch',
        },
      )
    }
    taken.set(name, here)
    validateDomain(domain, here)
    if (domain.type === 'branch') {
      for (const [branch, inner] of Object.entries(domain.branches)) {
        validateLevel(inner, `${here}.${branch}`, `${prefix}${branch}.`, taken)
      }
    }
  }
}

function validateName(key: string, path: string, inBranch: boolean): void {
  const remedy = 'start with a letter and use letters, digits, _ and - only'
  if (!/^[A-Za-z][A-Za-z0-9_-]*$/.test(key)) {
    throw new DynotuneError('space.name', `"${key}" cannot be a name in a space.`, { path, value: key, remedy })
  }
  if (inBranch && key === 'kind') {
    throw new DynotuneError(
      'space.name',
      'A parameter of a branch cannot be called "kind": that is where the branch is named.',
      {
        path,
        value: key,
        remedy: 'choose another name',
      },
    )
  }
}

function validateDomain(domain: unknown, path: string): asserts domain is Domain {
  const fields = isRecord(domain) ? domain : {}
  switch (fields.type) {
    case 'float':
    case 'int':
      return validateRange(domain as FloatDomain | IntDomain, path)
    case 'choice':
      return validateChoice(fields.values, path)
    case 'branch':
      return validateBranches(fields.branches, path)
    case 'fixed':
      return validateScalar(fields.value, path)
    case 'bool':
      return
    default:
      throw new DynotuneError('space.domain', 'This is not a domain.', {
        path,
        value: domain,
        remedy: 'use float, int, choice, bool or fixed',
      })
  }
}

function validateRange(range: FloatDomain | IntDomain, path: string): void {
  const { low, high, scale, step, type } = range
  const shown = [low, high]
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new DynotuneError('space.range', 'The bounds of a range are finite numbers.', { path, value: shown })
  }
  if (type === 'int' && !(Number.isSafeInteger(low) && Number.isSafeInteger(high))) {
    throw new DynotuneError('space.range', 'The bounds of an int are integers.', {
      path,
      value: shown,
      remedy: 'round them, or use float',
    })
  }
  if (!Number.isFinite(high - low)) {
    throw new DynotuneError('space.range', 'The range is too wide for a number to hold its width.', {
      path,
      value: shown,
      remedy: 'use smaller bounds, or a log scale over positive ones',
    })
  }
  if (low > high) {
    throw new DynotuneError('space.range', `The range is inverted: low ${low} is above high ${high}.`, {
      path,
      value: shown,
      remedy: `write ${type}(${high}, ${low})`,
    })
  }
  if (low === high) {
    throw new DynotuneError('space.range', 'The range holds a single value.', {
      path,
      value: shown,
      remedy: `write fixed(${low})`,
    })
  }
  if (!['linear', 'log', 'reverseLog'].includes(scale)) {
    throw new DynotuneError('space.range', 'Unknown scale.', {
      path,
      value: scale,
      remedy: "use 'linear', 'log' or 'reverseLog'",
    })
  }
  if (scale === 'log' && low <= 0) {
    throw new DynotuneError('space.log_range', 'A log scale cannot touch or cross zero.', {
      path,
      value: shown,
      remedy: `start at a small positive value, such as ${type === 'int' ? 1 : 1e-6}`,
    })
  }
  if (scale === 'reverseLog' && (type === 'int' || high >= 1)) {
    throw new DynotuneError('space.log_range', 'A reverse-log scale is for floats that stay below one.', {
      path,
      value: shown,
      remedy: 'end at a value below one, such as 0.999',
    })
  }
  if (step !== undefined) validateStep(range, step, path)
}

function validateStep({ type, low, high, scale }: FloatDomain | IntDomain, step: number, path: string): void {
  const fail = (message: string, remedy: string) => {
    throw new DynotuneError('space.step', message, { path, value: step, remedy })
  }
  if (typeof step !== 'number') fail('The step is a number.', 'write it without quotes')
  if (scale === 'reverseLog') fail('A reverse-log range takes no step.', 'leave the step out')
  if (type === 'int' && !Number.isInteger(step)) fail('The step of an int is an integer.', 'round it, or use float')
  if (scale === 'log') {
    if (!(step > 1 && low * step <= high))
      fail('On a log scale the step is a ratio above one that fits into the range.', 'use 2 for powers of two')
  } else if (!(step > 0 && low + step <= high)) {
    fail('The step is positive and no wider than the range.', 'use a smaller step')
  }
}

function validateChoice(values: unknown, path: string): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw new DynotuneError('space.choice', 'The choice has no values.', {
      path,
      value: values,
      remedy: 'list at least one value',
    })
  }
  for (const value of values) validateScalar(value, path)
  if (new Set(values).size < values.length) {
    throw new DynotuneError('space.choice', 'The choice lists a value twice.', {
      path,
      value: values,
      remedy: 'list each value once',
    })
  }
}

function validateBranches(branches: unknown, path: string): void {
  if (!isRecord(branches) || Object.keys(branches).length === 0) {
    throw new DynotuneError('space.choice', 'The choice has no branches.', {
      path,
      value: branches,
      remedy: 'list values, or branches such as { sgd: {}, adam: {} }',
    })
  }
  for (const [branch, inner] of Object.entries(branches)) {
    validateName(branch, `${path}.${branch}`, false)
    if (!isRecord(inner)) {
      throw new DynotuneError('space.domain', 'A branch is an object of parameters; an empty one is {}.', {
        path: `${path}.${branch}`,
        value: inner,
      })
    }
  }
}

function validateScalar(value: unknown, path: string): void {
  const valid =
    typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
  if (!valid) {
    throw new DynotuneError('space.choice', 'A value is a string, a finite number or a boolean.', {
      path,
      value,
      remedy: 'name the value by a string and look it up in run',
    })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
