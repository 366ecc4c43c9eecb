/** For the first k numbers, k = 0 … n, the least sum of squares that a sequence which never rises leaves of them. */
export function fallingSquares(numbers: Float64Array): Float64Array {
  const squares = new Float64Array(numbers.length + 1)
  walk(numbers, (index, total) => {
    squares[index + 1] = total
  })
  return squares
}

/** The sequence that never rises and is nearest to the numbers (pool adjacent violators, Ayer et al., 1955). */
export function nearestFalling(numbers: Float64Array): Float64Array {
  const fitted = new Float64Array(numbers.length)
  let end = numbers.length
  for (const { count, sum } of walk(numbers, () => undefined).reverse()) {
    fitted.fill(sum / count, end - count, end)
    end -= count
  }
  return fitted
}

interface Block {
  readonly count: number
  readonly sum: number
  /** About the mean. */
  readonly squares: number
}

function walk(numbers: Float64Array, visit: (index: number, squares: number) => void): Block[] {
  const blocks: Block[] = []
  let total = 0
  numbers.forEach((number, index) => {
    let block: Block = { count: 1, sum: number, squares: 0 }
    for (let last = blocks.at(-1); last && last.sum / last.count <= block.sum / block.count; last = blocks.at(-1)) {
      blocks.pop()
      total -= last.squares
      block = pool(last, block)
    }
    blocks.push(block)
    total += block.squares
    visit(index, total)
  })
  return blocks
}

function pool(a: Block, b: Block): Block {
  const between = ((a.sum / a.count - b.sum / b.count) ** 2 * a.count * b.count) / (a.count + b.count)
  return { count: a.count + b.count, sum: a.sum + b.sum, squares: a.squares + b.squares + between }
}
