/**
 * The value that Student's t with `degrees` of freedom exceeds in absolute value with probability 1 - `level`. By the
 * finite series for whole degrees (Abramowitz and Stegun, 26.7.3 and 26.7.4), to about 12 digits.
 * @param degrees a whole number from 1
 * @param level in (0, 1)
 */
export function studentQuantile(degrees: number, level: number): number {
  let [low, high] = [0, Math.PI / 2]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (withinAngle(middle, degrees) < level) low = middle
    else high = middle
  }
  return Math.sqrt(degrees) * Math.tan((low + high) / 2)
}

/** P(|t| ≤ √degrees tan(angle)). */
function withinAngle(angle: number, degrees: number): number {
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
  const isOdd = degrees % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = degrees === 1 ? 0 : term
  for (let k = isOdd ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= ((k - 1) / k) * cosine ** 2
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}
