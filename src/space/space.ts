import { DynotuneError } from '../errors.ts'
import { digestOf } from './digest.ts'
import type { Domain, Scalar, SpaceSpec } from './domain.ts'
import type { AnyParams, Assignment, Params } from './params.ts'
import { validateSpace } from './validate.ts'
import { domainAt, domainContains, domainFromUnit, domainSize, domainToUnit } from './value.ts'

/** One parameter of a space, at any depth. */
export interface Parameter {
  /** Flat name, unique in the space: `batchSize`, `sgd.momentum`. */
  readonly name: string
  /** Name within its branch: `momentum`. */
  readonly key: string
  readonly domain: Domain
  /** The choice and the branch it belongs to; absent at the top level. */
  readonly parent?: { readonly name: string; readonly branch: string }
  /**
   * Its place among all varied parameters, sorted by name: the same whichever branch is taken and however the source is
   * ordered. -1 for a fixed one.
   */
  readonly dimension: number
}

/** A validated space. Immutable; all methods are pure. */
export interface Space<S extends SpaceSpec = SpaceSpec> {
  readonly spec: S
  /** Every parameter, active or not, in the order of the source. */
  readonly parameters: readonly Parameter[]
  /** How many parameters vary: the length of a point that covers all branches. */
  readonly dimensions: number
  /** The number of distinct assignments; infinite when a float without a step is among them. */
  readonly size: number
  /** SHA-256 of the space's meaning: independent of the order in which parameters and branches are written. */
  readonly digest: string
  parameter(name: string): Parameter | undefined
  /** The varied parameters that an assignment makes active, in the order of the source. */
  active(assignment: Assignment): Parameter[]
  /** Builds an assignment by asking for one coordinate in [0, 1] for each parameter as it becomes active. */
  sample(coordinate: (parameter: Parameter) => number): Assignment
  /** One coordinate in [0, 1] for each active varied parameter, in the order of the source. */
  encode(assignment: Assignment): number[]
  /** The inverse of `encode`. */
  decode(coordinates: readonly number[]): Assignment
  contains(assignment: Assignment): boolean
  /** The assignment at `index` (0 … size-1) of a finite space; of the parameters sorted by name the last varies fastest. */
  at(index: number): Assignment
  /** Flat to nested. */
  nest(assignment: Assignment): Params<S>
  /** Nested to flat. Throws `space.params` on a wrong or missing parameter. */
  flatten(params: AnyParams): Assignment
}

interface Node {
  readonly parameter: Parameter
  /** Empty for anything but a choice between branches. */
  readonly branches: ReadonlyMap<string, readonly Node[]>
}

/** Validates a space and prepares it for use. Throws a `DynotuneError` with a `space.*` code. */
export function createSpace<const S extends SpaceSpec>(spec: S): Space<S> {
  validateSpace(spec)
  const dimensionOf = dimensionsByName(spec)
  const roots = compile(spec, '', undefined, dimensionOf)
  const parameters = flattenNodes(roots)
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  const size = sizeOf(roots)

  function sample(coordinate: (parameter: Parameter) => number): Assignment {
    return build(roots, (parameter) => {
      const { domain } = parameter
      return domainFromUnit(domain, domain.type === 'fixed' ? 0 : coordinate(parameter))
    })
  }

  function active(assignment: Assignment): Parameter[] {
    const found: Parameter[] = []
    visitActive(roots, assignment, (parameter) => {
      if (parameter.domain.type !== 'fixed') found.push(parameter)
    })
    return found
  }

  function encode(assignment: Assignment): number[] {
    return active(assignment).map(({ name, domain }) => domainToUnit(domain, requireValue(assignment, name)))
  }

  function decode(coordinates: readonly number[]): Assignment {
    let used = 0
    const assignment = sample(() => {
      const u = coordinates[used++]
      if (u === undefined) throw wrongLength(coordinates)
      return u
    })
    if (used !== coordinates.length) throw wrongLength(coordinates)
    return assignment
  }

  function contains(assignment: Assignment): boolean {
    let matched = 0
    let valid = true
    visitActive(roots, assignment, ({ name, domain }) => {
      matched++
      valid &&= domainContains(domain, assignment[name])
    })
    return valid && matched === Object.keys(assignment).length
  }

  function at(index: number): Assignment {
    // Not `size` itself: a hundred wide integers are finite too, though their product overflows.
    const finite = parameters.every(({ domain }) => Number.isFinite(domainSize(domain)))
    if (!(finite && Number.isInteger(index) && index >= 0 && index < size)) {
      throw new DynotuneError('space.infinite', `There is no assignment number ${index} in a space of ${size}.`, {
        value: index,
      })
    }
    const out: Record<string, Scalar> = {}
    enumerate(roots, index, out)
    return out
  }

  function flatten(params: AnyParams): Assignment {
    return build(roots, (parameter) => {
      const { name, domain } = parameter
      const value = lookUp(params, parameter, byName)
      const flat = domain.type === 'branch' && isNested(value) ? value.kind : value
      if (!domainContains(domain, flat)) {
        throw new DynotuneError('space.params', `The parameter "${name}" is missing or outside its domain.`, {
          path: name,
          value: flat,
        })
      }
      return flat
    })
  }

  return {
    spec,
    parameters,
    dimensions: dimensionOf.size,
    size,
    digest: digestOf(spec),
    parameter: (name) => byName.get(name),
    active,
    sample,
    encode,
    decode,
    contains,
    at,
    // `Params<S>` is derived from the very spec that the nodes were compiled from.
    nest: (assignment) => nest(roots, assignment) as Params<S>,
    flatten,
  }
}

function compile(
  spec: SpaceSpec,
  prefix: string,
  parent: Parameter['parent'],
  dimensionOf: ReadonlyMap<string, number>,
): Node[] {
  return Object.entries(spec).map(([key, domain]) => {
    const name = prefix + key
    const parameter: Parameter = {
      name,
      key,
      domain,
      dimension: dimensionOf.get(name) ?? -1,
      ...(parent && { parent }),
    }
    const branches = new Map<string, Node[]>()
    if (domain.type === 'branch') {
      for (const [branch, inner] of Object.entries(domain.branches)) {
        branches.set(branch, compile(inner, `${prefix}${branch}.`, { name, branch }, dimensionOf))
      }
    }
    return { parameter, branches }
  })
}

function dimensionsByName(spec: SpaceSpec): Map<string, number> {
  const names = flattenNodes(compile(spec, '', undefined, new Map()))
    .filter(({ domain }) => domain.type !== 'fixed')
    .map(({ name }) => name)
    .sort()
  return new Map(names.map((name, dimension) => [name, dimension]))
}

function flattenNodes(nodes: readonly Node[]): Parameter[] {
  return nodes.flatMap((node) => [node.parameter, ...[...node.branches.values()].flatMap(flattenNodes)])
}

function build(
  nodes: readonly Node[],
  choose: (parameter: Parameter) => Scalar,
  out: Record<string, Scalar> = {},
): Assignment {
  for (const { parameter, branches } of nodes) {
    const value = choose(parameter)
    out[parameter.name] = value
    const branch = branches.get(String(value))
    if (branch) build(branch, choose, out)
  }
  return out
}

function visitActive(nodes: readonly Node[], assignment: Assignment, visit: (parameter: Parameter) => void): void {
  for (const { parameter, branches } of nodes) {
    visit(parameter)
    const branch = branches.size > 0 ? branches.get(String(assignment[parameter.name])) : undefined
    if (branch) visitActive(branch, assignment, visit)
  }
}

function sizeOf(nodes: readonly Node[]): number {
  return nodes.reduce((product, node) => product * nodeSize(node), 1)
}

function nodeSize({ parameter, branches }: Node): number {
  if (branches.size === 0) return domainSize(parameter.domain)
  return [...branches.values()].reduce((sum, branch) => sum + sizeOf(branch), 0)
}

/** In the order of the names, not of the source, so that an index means the same wherever the digest is the same. */
function enumerate(nodes: readonly Node[], index: number, out: Record<string, Scalar>): void {
  const places = new Map<Node, number>()
  let rest = index
  for (const node of [...nodes].sort((a, b) => (a.parameter.name < b.parameter.name ? 1 : -1))) {
    const size = nodeSize(node)
    places.set(node, rest % size)
    rest = Math.floor(rest / size)
  }
  for (const node of nodes) enumerateNode(node, places.get(node) ?? 0, out)
}

function enumerateNode({ parameter, branches }: Node, index: number, out: Record<string, Scalar>): void {
  if (branches.size === 0) {
    out[parameter.name] = domainAt(parameter.domain, index)
    return
  }
  let rest = index
  for (const [branch, inner] of [...branches].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const size = sizeOf(inner)
    if (rest < size) {
      out[parameter.name] = branch
      enumerate(inner, rest, out)
      return
    }
    rest -= size
  }
}

interface Nested {
  [key: string]: Scalar | Nested
}

function nest(nodes: readonly Node[], assignment: Assignment): Nested {
  const out: Nested = {}
  for (const { parameter, branches } of nodes) {
    const value = requireValue(assignment, parameter.name)
    const branch = branches.get(String(value))
    out[parameter.key] = branch ? { kind: value, ...nest(branch, assignment) } : value
  }
  return out
}

function lookUp(params: AnyParams, parameter: Parameter, byName: ReadonlyMap<string, Parameter>): unknown {
  const above = parameter.parent && byName.get(parameter.parent.name)
  const level = above ? lookUp(params, above, byName) : params
  return isNested(level) ? level[parameter.key] : undefined
}

function isNested(value: unknown): value is AnyParams {
  return typeof value === 'object' && value !== null
}

function requireValue(assignment: Assignment, name: string): Scalar {
  const value = assignment[name]
  if (value === undefined) {
    throw new DynotuneError('space.params', `The parameter "${name}" is missing.`, { path: name, value: assignment })
  }
  return value
}

function wrongLength(coordinates: readonly number[]): DynotuneError {
  return new DynotuneError(
    'space.params',
    'The coordinates do not match the parameters that they make active, one for one.',
    { value: coordinates },
  )
}
