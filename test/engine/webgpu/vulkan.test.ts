import { expect, test } from 'vitest'
import { prepareVulkan, type VulkanMachine } from '../../../src/engine/webgpu/vulkan.ts'
import { thrownBy } from '../../helpers/errors.ts'

const MANIFEST = '/usr/lib/chromium/vk_swiftshader_icd.json'

function machine(has: { readonly loader?: boolean; readonly chromium?: boolean; readonly set?: NodeJS.ProcessEnv }) {
  const loaded: string[] = []
  const described: VulkanMachine = {
    platform: 'linux',
    environment: { ...has.set },
    exists: (path) => has.chromium === true && path === MANIFEST,
    load(library) {
      const found = library === 'libvulkan.so.1' ? has.loader === true : has.chromium === true
      if (found) loaded.push(library)
      return found
    },
  }
  return { ...described, loaded }
}

test("Chromium's software adapter is added to the drivers of the system", () => {
  const described = machine({ loader: true, chromium: true })
  const alone = prepareVulkan(described)
  expect(described.environment).toEqual({ VK_ADD_DRIVER_FILES: MANIFEST })
  expect(alone()).toBe(true)
  expect(described.environment).toEqual({ VK_ADD_DRIVER_FILES: MANIFEST, VK_ICD_FILENAMES: MANIFEST })
})

test.each(['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'VK_ADD_DRIVER_FILES'])('what the user says in %s stands', (name) => {
  const described = machine({ loader: true, chromium: true, set: { [name]: '/my/driver.json' } })
  expect(prepareVulkan(described)()).toBe(false)
  expect(described.environment).toEqual({ [name]: '/my/driver.json' })
})

test("a system without a loader is given Chromium's; one that has its own keeps it", () => {
  const bare = machine({ chromium: true })
  prepareVulkan(bare)
  expect(bare.loaded).toEqual(['/usr/lib/chromium/libvulkan.so.1'])
  const whole = machine({ loader: true, chromium: true })
  prepareVulkan(whole)
  expect(whole.loaded).toEqual(['libvulkan.so.1'])
})

test('without either, the engine is missing, with the command that installs a loader', () => {
  expect(thrownBy(() => prepareVulkan(machine({})))).toMatchObject({
    code: 'engine.missing',
    path: 'engine',
    remedy: expect.stringContaining('apt install libvulkan1'),
  })
})

test.each(['win32', 'darwin'] as const)('nothing is to be done on %s', (platform) => {
  const described = { ...machine({}), platform }
  expect(prepareVulkan(described)()).toBe(false)
  expect(described.environment).toEqual({})
})
