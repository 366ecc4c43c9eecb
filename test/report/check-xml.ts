/** What is wrong with a text as XML, or undefined: tags that do not match, bare `<` and `&`, letters that XML forbids. */
export function xmlFault(text: string): string | undefined {
  if (/[^\P{Cc}\t\n\r]|\p{Noncharacter_Code_Point}/u.test(text) || !text.isWellFormed()) return 'a forbidden character'
  const open: string[] = []
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/y
  let roots = 0
  let at = 0
  while (at < text.length) {
    if (text[at] === '<') {
      tag.lastIndex = at
      const match = tag.exec(text)
      if (!match) return `no tag at ${text.slice(at, at + 60)}`
      const [all, closes, name = '', , empty] = match
      if (closes && open.pop() !== name) return `</${name}> closes another tag`
      if (!closes && open.length === 0) roots++
      if (!closes && !empty) open.push(name)
      at += all.length
    } else {
      const next = text.indexOf('<', at)
      const content = text.slice(at, next < 0 ? text.length : next)
      if (open.length === 0 && content.trim() !== '') return 'text outside of the root'
      at += content.length
    }
  }
  const entity = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i.exec(text)
  if (entity) return `a bare & at ${text.slice(entity.index, entity.index + 40)}`
  return open.length > 0 ? `<${open.at(-1)}> is not closed` : roots === 1 ? undefined : `${roots} roots`
}
