import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngines, type EngineFactories } from '../../src/engine/engine.ts'
import { DynotuneError, type ErrorCode } from '../../src/errors.ts'
import type { Engine, Tf } from '../../src/study/engine.ts'

type State = Engine['deviceKind'] | ErrorCode | 'throws'

/** How an engine may be: on a kind of device, or not at all, which may show when it is made or when it loads. */
interface Candidate {
  readonly state: State
  readonly when: 'made' | 'loaded'
}

const candidate = fc.record({
  state: fc.constantFrom<State[]>(
    'gpu',
    'processor',
    'software',
    'engine.missing',
    'engine.broken',
    'engine.device',
    'engine.lost',
    'engine.memory',
    'throws',
  ),
  when: fc.constantFrom<Candidate['when'][]>('made', 'loaded'),
})

const isDevice = (state: State): state is Engine['deviceKind'] => ['gpu', 'processor', 'software'].includes(state)

function failure(name: string, state: State): Error {
  if (state === 'throws' || isDevice(state)) return new TypeError(`${name} has no such function\nsecond line`)
  return new DynotuneError(state, `${name} is ${state}.`, { remedy: `mend ${name}` })
}

/** Factories that make engines in these states, and a record of what was made and what was loaded. */
function machine(states: { readonly [Name in Engine['name']]: Candidate }) {
  const made: string[] = []
  const loaded: string[] = []
  const factory = (name: Engine['name']) => async (): Promise<Engine> => {
    const { state, when } = states[name]
    made.push(name)
    if (!isDevice(state) && when === 'made') throw failure(name, state)
    return {
      name,
      device: name,
      deviceKind: isDevice(state) ? state : 'gpu',
      async load() {
        loaded.push(name)
        if (!isDevice(state)) throw failure(name, state)
        const operations: Tf = JSON.parse('{}')
        return operations
      },
      memory: () => ({ tensors: 0, bytes: 0 }),
      synchronize: async () => {},
    }
  }
  const factories: EngineFactories = {
    tensorflow: factory('tensorflow'),
    webgpu: factory('webgpu'),
    wasm: factory('wasm'),
    cpu: factory('cpu'),
  }
  return { factories, made, loaded }
}

const plain: Candidate = { state: 'processor', when: 'made' }

test('auto is tensorflow on a GPU, else webgpu on a real one, else tensorflow, else wasm, whatever else is missing or broken', async () => {
  await fc.assert(
    fc.asyncProperty(
      candidate,
      candidate,
      fc.constantFrom('nvidia', 'some', 'none'),
      async (tensorflow, webgpu, signs) => {
        const { factories, made, loaded } = machine({ tensorflow, webgpu, wasm: plain, cpu: plain })
        const { engine, note } = await createEngines({}, { factories, signs: () => signs })('auto')
        const seesWebgpu = signs !== 'none' && tensorflow.state !== 'gpu'
        const order = [
          tensorflow.state === 'gpu' && 'tensorflow',
          seesWebgpu && webgpu.state === 'gpu' && 'webgpu',
          tensorflow.state === 'processor' && 'tensorflow',
          'wasm',
        ]
        expect(engine.name).toBe(order.find((name) => name !== false))

        // Nothing is tried in vain: webgpu only where there may be a GPU, and what is slow to load only if it may be chosen.
        const tried = ['tensorflow', ...(seesWebgpu ? ['webgpu'] : [])]
        expect(made).toEqual(engine.name === 'wasm' ? [...tried, 'wasm'] : tried)
        expect(loaded).not.toContain('wasm')
        if (tensorflow.state === 'software') expect(loaded).not.toContain('tensorflow')
        if (webgpu.state === 'software') expect(loaded).not.toContain('webgpu')

        const asked = { tensorflow, ...(seesWebgpu && { webgpu }) }
        const broken = Object.entries(asked).filter(([, { state }]) => !isDevice(state) && state !== 'engine.missing')
        expect(note !== undefined).toBe(broken.length > 0)
        for (const [name, { state }] of broken) {
          expect(note).toContain(`The engine ${name} was passed over: ${name} `)
          expect(note).toContain(state === 'throws' ? '`dynotune doctor` says more' : `Try: mend ${name}.`)
          expect(note).not.toContain('second line')
          expect(note).toMatch(new RegExp(`So ${engine.name} computes\\.$`))
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('with wasm broken as well, its error is the one that is thrown', async () => {
  const broken: Candidate = { state: 'engine.broken', when: 'made' }
  const { factories } = machine({ tensorflow: broken, webgpu: broken, wasm: broken, cpu: plain })
  await expect(createEngines({}, { factories })('auto')).rejects.toMatchObject({
    code: 'engine.broken',
    message: 'wasm is engine.broken.',
  })
})

test('an engine that is named is taken as it is, without a note, or its error is thrown', async () => {
  await fc.assert(
    fc.asyncProperty(candidate, async (webgpu) => {
      const { factories, made } = machine({ tensorflow: plain, webgpu, wasm: plain, cpu: plain })
      const named = createEngines({}, { factories })('webgpu')
      if (isDevice(webgpu.state) || webgpu.when === 'loaded')
        expect(await named).toEqual({ engine: expect.objectContaining({ name: 'webgpu' }) })
      else await expect(named).rejects.toThrow('webgpu')
      expect(made).toEqual(['webgpu'])
    }),
  )
})
