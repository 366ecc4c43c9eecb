/** What a pointer on a mark is told, where a browser draws the figure: fields, each by its name. */
export function tooltip(fields: { readonly [field: string]: string }) {
  return Object.entries(fields).map(([field, name]) => ({
    field,
    // Vega-Lite writes the title into an expression as a string, and escapes nothing but quotes.
    title: name.replaceAll('\\', '\\\\'),
    type: 'nominal' as const,
  }))
}
