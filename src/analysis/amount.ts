/** Whether a number is positive and finite, as what is counted or measured has to be for a logarithm. */
export function isAmount(value: number): boolean {
  return value > 0 && Number.isFinite(value)
}
