import { expect, test } from 'vitest'
import { singleOutOn } from '../../../src/engine/webgpu/single-out.ts'
import { type FakeAdapter, fakeAdapters, gpu, software } from './fake-adapters.ts'

const MACHINE = [
  gpu('H200', '0000:1b:00.0'),
  gpu('H200', '0000:43:00.0'),
  gpu('Matrox', '0000:05:00.0'),
  software('SwiftShader'),
]
const DISPLAYS = ['0000:05:00.0', '0000:1b:00.0', '0000:43:00.0']

/** A machine on which Mesa's layer shows one adapter where `DRI_PRIME` says so. */
function withLayer(environment: NodeJS.ProcessEnv) {
  return fakeAdapters(MACHINE, () => {
    const place = environment.DRI_PRIME
    const chosen = MACHINE.filter(({ address }) => `pci-${address?.replaceAll(/[:.]/g, '_')}!` === place)
    return chosen.length > 0 ? chosen : MACHINE
  })
}

async function singleOut(environment: NodeJS.ProcessEnv, name: string, skip: number, layer = withLayer) {
  const find = singleOutOn<FakeAdapter>({ environment, displays: () => DISPLAYS })
  return find(layer(environment), name, skip)
}

test('adapters of one name are told apart by their place on the bus, and the environment is left as it was', async () => {
  const environment = {}
  expect(await singleOut(environment, 'H200', 0)).toBe(MACHINE[0])
  expect(await singleOut(environment, 'H200', 1)).toBe(MACHINE[1])
  expect(await singleOut(environment, 'H200', 2)).toBeUndefined()
  expect(environment).toEqual({})
  const own = { DRI_PRIME: '1' }
  expect(await singleOut(own, 'Matrox', 0)).toBe(MACHINE[2])
  expect(own).toEqual({ DRI_PRIME: '1' })
})

test('where the layer is not installed and all are shown, none is taken for another', async () => {
  expect(await singleOut({}, 'H200', 1, () => fakeAdapters(MACHINE))).toBeUndefined()
})
