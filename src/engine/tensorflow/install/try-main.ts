import type { Tensor } from '@tensorflow/tfjs-core'
import { add, leaf } from '../../fusion/expression.ts'
import { realize, tensorsIn } from '../../fusion/realize.ts'
import { libraryVersion } from '../backend.ts'
import { loadPlace } from '../load-place.ts'
import { installationPlace } from '../places.ts'
import { tensorflowEngine } from '../tensorflow.ts'

/*
 * A process of its own that loads the installation in the folder that its argument names, computes with it, and prints
 * what it found as JSON: an installation that does not work may end its process in any way.
 */
const [, , folder = ''] = process.argv
const engine = await tensorflowEngine({}, { find: () => [installationPlace(folder)], load: loadPlace })
const tf = await engine.load()

const product = tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync()
if (product.join() !== '19,22,43,50') throw new Error(`TensorFlow multiplies wrongly: ${product.join()}`)

const inputs = tf.tensor2d([0, 1, 2, 3], [4, 1])
const targets = tf.add(tf.mul(inputs, 2), 1)
const loss = (weight: Tensor) => tf.mean(tf.square(tf.sub(tf.matMul(inputs, weight), targets)))
const start = tf.zeros([1, 1])
const step = tf.sub(start, tf.mul(tf.grad(loss)(start), 0.1))
const [before = 0, after = 0] = [start, step].map((weight) => loss(weight).dataSync()[0])
if (!(after < before)) throw new Error(`A step of training took the loss from ${before} to ${after}.`)

// The operation that runs programs counts references in TensorFlow's own memory.
const ones = tf.ones([4])
const alias = tf.reshape(ones, [2, 2])
const [twos = ones] = tensorsIn(realize(tf, [add(leaf(ones), 1)], [ones]))
const seen = [...twos.dataSync(), ...alias.dataSync()].join()
if (seen !== '2,2,2,2,1,1,1,1') throw new Error(`One more than ones, and ones, should not be ${seen}.`)

console.log(JSON.stringify({ version: libraryVersion(tf), device: engine.device, gpu: engine.deviceKind === 'gpu' }))
