import type { Random } from '../../../numerics/random.ts'

/** Rules by symbol. What is no symbol is a word. No symbol may come to itself again. */
export type Grammar = { readonly [symbol: string]: readonly Rule[] }

/** One of the ways to write a symbol. */
export interface Rule {
  /** How often it is taken, relative to the others. Default 1. */
  readonly weight?: number
  /** Symbols and words. */
  readonly parts: readonly string[]
}

/** Writes a symbol out at random, as words. */
export function writeOut(grammar: Grammar, symbol: string, random: Random): string[] {
  const rules = grammar[symbol]
  if (!rules) return [symbol]
  let left = random.next() * totalWeight(rules)
  const rule = rules.find(({ weight = 1 }) => {
    left -= weight
    return left < 0
  })
  return rule?.parts.flatMap((part) => writeOut(grammar, part, random)) ?? []
}

/**
 * Of what a symbol is written out as: its entropy in nats, provided that no text can come about in two ways, and the words
 * expected.
 *   H(s) = sum over rules of p (-log p + sum of H(part))
 */
export function measureSymbol(grammar: Grammar, symbol: string): { readonly entropy: number; readonly words: number } {
  const rules = grammar[symbol]
  if (!rules) return { entropy: 0, words: 1 }
  const total = totalWeight(rules)
  let [entropy, words] = [0, 0]
  for (const { weight = 1, parts } of rules) {
    const p = weight / total
    const measures = parts.map((part) => measureSymbol(grammar, part))
    entropy += p * measures.reduce((sum, each) => sum + each.entropy, -Math.log(p))
    words += p * measures.reduce((sum, each) => sum + each.words, 0)
  }
  return { entropy, words }
}

function totalWeight(rules: readonly Rule[]): number {
  return rules.reduce((sum, { weight = 1 }) => sum + weight, 0)
}
