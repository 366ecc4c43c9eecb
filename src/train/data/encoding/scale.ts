/** Learns mean and deviation from training values, those missing left out: what standardizes a value. */
export function fitScale(values: readonly number[], log = false): (value: number) => number {
  const squash = (value: number) => (log ? Math.sign(value) * Math.log1p(Math.abs(value)) : value)
  const known = values.filter((value) => !Number.isNaN(value)).map(squash)
  const mean = known.reduce((sum, value) => sum + value, 0) / (known.length || 1)
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length || 1)
  // A column that is the same everywhere says nothing, and stays so.
  const deviation = Math.sqrt(variance) || 1
  return (value) => (Number.isNaN(value) ? 0 : (squash(value) - mean) / deviation)
}
