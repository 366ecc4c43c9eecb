/** A change of one image, about its centre: mirrored first, then rotated, zoomed and shifted. */
export interface ImageChange {
  /** Left to right. */
  readonly mirrored: boolean
  /** Degrees, against the clock. */
  readonly rotation: number
  /** Factor of the size. */
  readonly zoom: number
  /** Pixels. */
  readonly down: number
  /** Pixels. */
  readonly right: number
}

/** From a pixel (x, y) of the changed image to where it is in the image: x' = xx x + xy y + x0, y' = yx x + yy y + y0. */
export interface Affine {
  readonly xx: number
  readonly xy: number
  readonly x0: number
  readonly yx: number
  readonly yy: number
  readonly y0: number
}

/** The change's inverse, since every pixel of the changed image has to be found. */
export function affineOf(change: ImageChange, height: number, width: number): Affine {
  const angle = (change.rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle) / change.zoom, Math.sin(angle) / change.zoom]
  const mirror = change.mirrored ? -1 : 1
  const [xx, xy, yx, yy] = [mirror * cos, -mirror * sin, sin, cos]
  const [x, y] = [(width - 1) / 2, (height - 1) / 2]
  const [fromX, fromY] = [x + change.right, y + change.down]
  return { xx, xy, x0: x - xx * fromX - xy * fromY, yx, yy, y0: y - yx * fromX - yy * fromY }
}
