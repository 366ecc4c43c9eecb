/** A study that wants slots. */
export interface Claim {
  readonly study: string
  /** Studies of a higher one get all that they can use first. Default of studies: 0. */
  readonly priority: number
  /** In what proportion studies of one priority share, above 0. Default of studies: 1. */
  readonly weight: number
  /** The most slots that it can use; `Infinity` where it does not say. */
  readonly demand: number
}

/**
 * How many slots each study gets: in proportion to the weights, and what one cannot use goes to the others (max-min fairness,
 * Bertsekas and Gallager, "Data networks", section 6.5.2). Each gets a slot at least, so that every study gets on; the slots left
 * over by rounding down go to those with the largest parts of one.
 */
export function sharesOf(claims: readonly Claim[], slots: number): ReadonlyMap<string, number> {
  const shares = new Map<string, number>()
  let left = slots
  for (const priority of [...new Set(claims.map((claim) => claim.priority))].sort((a, b) => b - a)) {
    const equals = claims.filter((claim) => claim.priority === priority)
    for (const [study, share] of inWhole(fill(equals, left), left)) shares.set(study, share)
    left = Math.max(0, left - sum(equals.map(({ study }) => shares.get(study) ?? 0)))
  }
  for (const { study } of claims) shares.set(study, Math.max(1, shares.get(study) ?? 0))
  return slots === 0 ? new Map(claims.map(({ study }) => [study, 0])) : shares
}

/** Satisfies those that want less than their part, and shares what that leaves among the others, until nobody wants less. */
function fill(claims: readonly Claim[], slots: number): Map<string, number> {
  const filled = new Map<string, number>()
  let open = [...claims]
  let left = slots
  while (open.length > 0) {
    const weights = sum(open.map(({ weight }) => weight))
    const modest = open.filter(({ weight, demand }) => demand <= (left * weight) / weights)
    for (const { study, weight, demand } of modest.length > 0 ? modest : open)
      filled.set(study, modest.length > 0 ? demand : (left * weight) / weights)
    if (modest.length === 0) break
    left -= sum(modest.map(({ demand }) => demand))
    open = open.filter((claim) => !modest.includes(claim))
  }
  return filled
}

function inWhole(exact: ReadonlyMap<string, number>, slots: number): Map<string, number> {
  const whole = new Map([...exact].map(([study, share]) => [study, Math.floor(share)]))
  const spare = Math.min(slots, Math.round(sum([...exact.values()]))) - sum([...whole.values()])
  const byRest = [...exact].sort(([a, one], [b, other]) => (other % 1) - (one % 1) || (a < b ? -1 : 1))
  for (const [study] of byRest.slice(0, spare)) whole.set(study, (whole.get(study) ?? 0) + 1)
  return whole
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
