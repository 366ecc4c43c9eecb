/** How many values a shape holds. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}
