/** Text broken into lines of at most `width` characters, all but the first indented; a word that is longer stays whole. */
export function wrap(text: string, indent = '', width = 80): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = lines.length === 0 ? '' : indent
    for (const word of paragraph.split(' ')) {
      const isEmpty = line.trim() === ''
      if (!isEmpty && line.length + 1 + word.length > width) {
        lines.push(line)
        line = indent + word
      } else {
        line += isEmpty ? word : ` ${word}`
      }
    }
    lines.push(line)
  }
  return lines.join('\n')
}
