/** Words and numbers, with the apostrophes inside them, and every other sign by itself, all in lower case. */
export function tokenize(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|\S/gu) ?? []
}
