/** Sums, in double precision, of the columns of row-major [rows, width] measures. */
export function columnSums(measures: Float32Array, width: number): number[] {
  const sums = Array.from({ length: width }, () => 0)
  measures.forEach((value, i) => {
    sums[i % width] = (sums[i % width] ?? 0) + value
  })
  return sums
}
