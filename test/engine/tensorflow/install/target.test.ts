import { expect, test } from 'vitest'
import { findTarget, variantOf } from '../../../../src/engine/tensorflow/install/target.ts'
import { thrownBy } from '../../../helpers/errors.ts'

const wheel = { path: 'x.whl', requirements: [], digests: new Map<string, string>() }
const linux = findTarget('linux-x64')

test('a GPU is served where PyPI has a TensorFlow for it, and libraries have the names of the platform', () => {
  expect(linux.distributions).toEqual({ cpu: 'tensorflow-cpu', gpu: 'tensorflow' })
  expect(findTarget('linux-arm64').distributions).toEqual({ cpu: 'tensorflow' })
  expect(findTarget('darwin-arm64').libraries).toEqual(['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'])
})

test.each(['win32-x64', 'darwin-x64', 'linux-x64-musl', 'freebsd-x64'])(
  '%s is refused, with another engine',
  (platform) => {
    expect(thrownBy(() => findTarget(platform))).toMatchObject({
      code: 'engine.install',
      value: platform,
      remedy: expect.stringContaining('wasm'),
    })
  },
)

test('the wheel says what it is for', () => {
  const tags = ['cp313-cp313-manylinux_2_27_x86_64']
  expect(variantOf({ ...wheel, tags, name: 'tensorflow', version: '2.21.0' }, linux)).toBe('gpu')
  expect(variantOf({ ...wheel, tags, name: 'tensorflow-cpu', version: '2.21.0' }, linux)).toBe('cpu')
  expect(variantOf({ ...wheel, tags, name: 'numpy', version: '2.4.6' }, linux)).toBeUndefined()
  const arm = ['cp313-cp313-manylinux_2_27_aarch64']
  expect(variantOf({ ...wheel, tags: arm, name: 'tensorflow', version: '2.21.0' }, findTarget('linux-arm64'))).toBe(
    'cpu',
  )
})

test('a wheel for another platform or of an old version is refused', () => {
  const mac = { ...wheel, tags: ['cp313-cp313-macosx_12_0_arm64'], name: 'tensorflow', version: '2.21.0' }
  expect(thrownBy(() => variantOf(mac, linux))).toMatchObject({ code: 'engine.install', path: '--wheel' })
  const old = { ...wheel, tags: ['cp39-cp39-manylinux_2_17_x86_64'], name: 'tensorflow', version: '2.9.1' }
  expect(thrownBy(() => variantOf(old, linux)).message).toContain('2.9.1')
})
