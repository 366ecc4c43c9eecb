import { readDataFile } from './read-file.ts'

/**
 * The lines of a text file, plain or gzip, that are not empty.
 * @throws DynotuneError `data.missing`, `data.invalid`
 */
export function readLines(file: string | URL): string[] {
  const text = readDataFile(file, 'name a file of lines of text').toString('utf8')
  return text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
}
