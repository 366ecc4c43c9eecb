import { createRequire, registerHooks } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Tf } from '../study/engine.ts'
import { registerGradients } from './gradients/register.ts'

/**
 * The operations of TensorFlow.js with their gradients and with the methods of tensors (`x.add(y)`). The core package
 * keeps the last two in modules of its own, which otherwise only the `@tensorflow/tfjs` union (300 MB) brings.
 */
export async function loadOperations(): Promise<Tf> {
  const tf = await import('@tensorflow/tfjs-core')
  if (tf.getGradient('BatchMatMul') === undefined) {
    registerGradientsAndMethods()
    registerGradients(tf)
  }
  return tf
}

/**
 * Those modules are written for bundlers: ES syntax, imports without extension. A resolve hook that lives for these two
 * loads and sees only files of the core package adds the extension. They bring copies of the operations that work on the
 * same engine, since tfjs keeps engine, registries and tensor class in globals.
 */
function registerGradientsAndMethods(): void {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('@tensorflow/tfjs-core'))
  const home = pathToFileURL(join(folder, '/')).href
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('.') || !context.parentURL?.startsWith(home)) return next(specifier, context)
      const file = specifier.endsWith('.js') ? specifier : `${specifier}.js`
      return { url: new URL(file, context.parentURL).href, format: 'module', shortCircuit: true }
    },
  })
  try {
    require(join(folder, 'register_all_gradients.js'))
    require(join(folder, 'public/chained_ops/register_all_chained_ops.js'))
  } finally {
    hooks.deregister()
  }
}
