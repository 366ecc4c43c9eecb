import { Expression, leaf } from '../../engine/fusion/expression.ts'
import type { Tree } from '../../engine/fusion/realize.ts'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'

/** A tree of tensors and numbers, such as the state of an optimizer, as plain data. */
export type SavedTree = number | SavedTensor | readonly SavedTree[] | { readonly [name: string]: SavedTree }

interface SavedTensor {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Reads a tree of leaves, waiting for the device. */
export async function saveTree(tree: Tree): Promise<SavedTree> {
  if (typeof tree === 'number') return tree
  if (tree instanceof Expression) {
    if (tree.node.kind !== 'tensor') throw new DynotuneError('internal', 'A state holds what is not computed.')
    return { shape: [...tree.shape], values: Float32Array.from(await tree.node.tensor.data()) }
  }
  if (Array.isArray(tree)) return Promise.all(tree.map((branch: Tree) => saveTree(branch)))
  const entries = Object.entries(tree).map(async ([name, branch]) => [name, await saveTree(branch)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

/**
 * The tree that was saved, in new tensors.
 * @param like a tree of the same form
 * @throws DynotuneError `model.invalid` where the forms differ
 */
export function restoreTree(tf: Tf, like: Tree, saved: SavedTree | undefined): Tree {
  if (typeof like === 'number' && typeof saved === 'number') return saved
  if (like instanceof Expression && isTensor(saved) && String(saved.shape) === String(like.shape))
    return leaf(tf.tensor(saved.values, [...saved.shape], 'float32'))
  if (Array.isArray(like) && Array.isArray(saved) && like.length === saved.length)
    return like.map((branch: Tree, i): Tree => restoreTree(tf, branch, saved[i]))
  if (isNamed(like) && isNamedSaved(saved) && Object.keys(like).length === Object.keys(saved).length) {
    const entries = Object.entries(like).map(([name, branch]) => [name, restoreTree(tf, branch, saved[name])])
    return Object.fromEntries(entries)
  }
  throw new DynotuneError('model.invalid', 'The checkpoint was saved by another optimizer.', {
    remedy: 'give the trial the optimizer that it began with',
  })
}

function isTensor(saved: SavedTree | undefined): saved is SavedTensor {
  return typeof saved === 'object' && 'values' in saved && saved.values instanceof Float32Array
}

function isNamed(tree: Tree): tree is { readonly [name: string]: Tree } {
  return typeof tree === 'object' && !Array.isArray(tree) && !(tree instanceof Expression)
}

function isNamedSaved(saved: SavedTree | undefined): saved is { readonly [name: string]: SavedTree } {
  return typeof saved === 'object' && !Array.isArray(saved) && !isTensor(saved)
}
