import type { Tensor } from '@tensorflow/tfjs-core'
import { DynotuneError } from '../../errors.ts'
import type { Tf } from '../../study/engine.ts'
import { Expression, leaf } from './expression.ts'
import { type Call, programOf } from './program.ts'
import { runPrograms, sumPrograms } from './run-programs.ts'
import { stagesOf } from './stages.ts'

/** Expressions, and numbers, in arrays and objects of any depth. */
export type Tree = Expression | number | readonly Tree[] | { readonly [name: string]: Tree }

/**
 * Computes every expression of a tree and returns the same tree with tensors in their places (`leaf`s). What is
 * elementwise and has operands in common is computed together, each array being read and written once.
 * Tensors in between are disposed; those returned belong to the caller.
 * @param spent tensors that nobody will read any more, so that results may take their memory. They are still the caller's to
 * dispose; those that are returned, or have clones, stay as they are
 */
export function realize<T extends Tree>(tf: Tf, tree: T, spent: readonly Tensor[] = []): T {
  const outputs = [...new Set(expressionsIn(tree))]
  const tensors = tf.tidy(() => computeAll(tf, outputs, new Set(spent)))
  const places = new Map(outputs.map((output, i) => [output, tensors[i]]))
  return mapExpressions(tree, (expression) => {
    const tensor = places.get(expression)
    return tensor ? leaf(tensor) : expression
  })
}

/** The tensors in a tree of leaves, in order. */
export function tensorsIn(tree: Tree): Tensor[] {
  return expressionsIn(tree).flatMap(({ node }) => (node.kind === 'tensor' ? [node.tensor] : []))
}

/** The expressions in a tree, in order. */
export function expressionsIn(tree: Tree): Expression[] {
  if (tree instanceof Expression) return [tree]
  if (typeof tree === 'number') return []
  return Object.values(tree).flatMap(expressionsIn)
}

function computeAll(tf: Tf, outputs: readonly Expression[], spent: ReadonlySet<Tensor>): Tensor[] {
  const known = new Map<Expression, Tensor>()

  /** Computes expressions whose beginnings are known. */
  function fuse(expressions: readonly Expression[], free: ReadonlySet<Tensor> = new Set()): void {
    const open = expressions.filter((expression) => !known.has(expression))
    for (const expression of open) {
      const { node, shape } = expression
      if (node.kind === 'tensor') known.set(expression, node.tensor)
      if (node.kind === 'fill') known.set(expression, tf.fill([...shape], node.value))
    }
    const groups = groupsOf(new Set(open.filter(isApplied)))
    const results = runPrograms(tf, callsOf(groups, known), free)
    for (const [i, expression] of groups.flat().entries()) keep(expression, results[i])
  }

  function sumUp(sums: readonly Expression[]): void {
    const operands = new Set(sums.flatMap(({ node }) => (node.kind === 'sum' ? [node.operand] : [])))
    const open = [...operands].filter((operand) => isApplied(operand) && !known.has(operand))
    const groups = groupsOf(new Set(open))
    const results = sumPrograms(tf, callsOf(groups, known))
    const inPasses = new Map(groups.flat().map((operand, i) => [operand, results[i]]))
    fuse([...operands].filter((operand) => !inPasses.has(operand)))
    for (const sum of sums) {
      if (sum.node.kind !== 'sum') continue
      const { operand } = sum.node
      keep(sum, inPasses.get(operand) ?? tf.sum(tensorOf(operand)))
    }
  }

  function compute(expression: Expression): void {
    const { node, shape } = expression
    if (node.kind !== 'compute') return
    const result = node.run(tf, ...node.inputs.map(tensorOf))
    tf.util.assertShapesMatch(result.shape, [...shape], 'The result of compute(…) is not of the shape it was given.')
    keep(expression, result)
  }

  function keep(expression: Expression, tensor: Tensor | undefined): void {
    if (tensor) known.set(expression, tensor)
  }

  function tensorOf(expression: Expression): Tensor {
    const tensor = known.get(expression)
    if (!tensor) throw new DynotuneError('internal', 'An expression was used before it was computed.')
    return tensor
  }

  for (const { sums, computed, scalars } of stagesOf(outputs)) {
    sumUp(sums)
    const inputs = computed.flatMap(({ node }) => (node.kind === 'compute' ? node.inputs : []))
    fuse([...new Set([...scalars, ...inputs])])
    computed.forEach(compute)
  }
  const kept = new Set(outputs.flatMap(({ node }) => (node.kind === 'tensor' ? [node.tensor] : [])))
  // Only now: by its groups no tensor is read in two of them, scalars excepted.
  fuse(outputs, new Set([...spent].filter((tensor) => tensor.rank > 0 && !kept.has(tensor))))
  return outputs.map(tensorOf)
}

const isApplied = ({ node }: Expression): boolean => node.kind === 'apply'

function callsOf(groups: readonly (readonly Expression[])[], known: ReadonlyMap<Expression, Tensor>): Call[] {
  return groups.map((group) => programOf(group, known))
}

/** Splits expressions so that those that read a tensor or compute a value in common are together. */
function groupsOf(outputs: ReadonlySet<Expression>): Expression[][] {
  const groups = new Map<Expression, Expression[]>()
  const owner = new Map<Expression | Tensor, Expression[]>()
  for (const output of outputs) {
    let group = [output]
    groups.set(output, group)
    const stack = [output]
    for (let next = stack.pop(); next; next = stack.pop()) {
      // Scalars are shared by all, and fit everywhere.
      if (next.shape.length < output.shape.length) continue
      const { node } = next
      const place = node.kind === 'tensor' ? node.tensor : next
      const other = owner.get(place)
      if (other && other !== group) {
        for (const each of group) groups.set(each, other)
        for (const [key, value] of owner) if (value === group) owner.set(key, other)
        other.push(...group)
        group = other
      } else if (!other) {
        owner.set(place, group)
        if (node.kind === 'apply') stack.push(...node.operands)
      }
    }
  }
  return [...new Set(groups.values())]
}

/** The same tree with other expressions in their places, asked for in order. */
export function mapExpressions<T extends Tree>(tree: T, map: (expression: Expression) => Expression): T
export function mapExpressions(tree: Tree, map: (expression: Expression) => Expression): Tree {
  if (tree instanceof Expression) return map(tree)
  if (typeof tree === 'number') return tree
  if (Array.isArray(tree)) return tree.map((branch: Tree) => mapExpressions(branch, map))
  return Object.fromEntries(Object.entries(tree).map(([name, branch]) => [name, mapExpressions(branch, map)]))
}
