import { expect, test } from 'vitest'
import { SAMPLER_NAMES, samplerNamed } from '../../src/samplers/registry.ts'

test('every name gives the sampler of that name', () => {
  expect(SAMPLER_NAMES[0]).toBe('auto')
  expect(SAMPLER_NAMES.length).toBeGreaterThan(10)
  for (const name of SAMPLER_NAMES) expect(samplerNamed(name).name).toBe(name)
})

test('another name is refused, with the names there are', () => {
  for (const name of ['simplex', '', 'toString', 'Halton']) {
    expect(() => samplerNamed(name)).toThrow(
      expect.objectContaining({
        code: 'sampler.unknown',
        path: 'sampler',
        value: name,
        message: expect.stringContaining(`"${name}"`),
        remedy: expect.stringMatching(/halton.*random.*grid/),
      }),
    )
  }
})
