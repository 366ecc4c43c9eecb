/** A file of this package by its path from `src/runner/`, without extension: `.ts` as it is here, `.js` as published. */
export function ownFile(path: string): URL {
  return new URL(`${path}${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
}
