/** Dots of a Braille character by row and column: added to U+2800, they make the character. */
const DOTS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

/** A canvas of Braille characters, each of two by four dots. What is drawn last owns the character. */
export interface Canvas {
  /** `x` from the left, `y` from the top. */
  dot(x: number, y: number, owner: number): void
  /** The characters of a row, with who owns them; undefined where nothing is drawn. */
  row(row: number): readonly (Character | undefined)[]
}

interface Character {
  readonly text: string
  readonly owner: number
}

export function createCanvas(columns: number, rows: number): Canvas {
  const bits = new Uint8Array(columns * rows)
  const owners = new Uint32Array(columns * rows)
  return {
    dot(x, y, owner) {
      const cell = (y >> 2) * columns + (x >> 1)
      bits[cell] = (bits[cell] ?? 0) | (DOTS[y & 3]?.[x & 1] ?? 0)
      owners[cell] = owner
    },
    row: (row) =>
      Array.from({ length: columns }, (_, column) => {
        const cell = row * columns + column
        const drawn = bits[cell]
        return drawn ? { text: String.fromCharCode(0x2800 + drawn), owner: owners[cell] ?? 0 } : undefined
      }),
  }
}
