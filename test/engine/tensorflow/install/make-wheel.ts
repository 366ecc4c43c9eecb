import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'

export interface WheelParts {
  readonly name?: string
  readonly version?: string
  readonly tag?: string
  /** Lines of METADATA. */
  readonly metadata?: readonly string[]
  /** Contents by path. */
  readonly files?: Readonly<Record<string, string>>
  /** What RECORD says in place of the true digests, by path; null leaves a file out. */
  readonly digests?: Readonly<Record<string, string | null>>
}

/** Writes a wheel by hand and returns its path. */
export function makeWheel(folder: string, parts: WheelParts = {}): string {
  const { name = 'tensorflow_cpu', version = '2.21.0', tag = 'cp311-cp311-manylinux_2_27_x86_64' } = parts
  const { metadata = [], files = {}, digests = {} } = parts
  const info = `${name}-${version}.dist-info`
  const record = Object.entries(files).flatMap(([path, content]) => {
    const digest = path in digests ? digests[path] : createHash('sha256').update(content).digest('base64url')
    return digest === null ? [] : [`${path},sha256=${digest},${content.length}`]
  })
  const path = join(folder, `${name}-${version}-${tag}.whl`)
  const head = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`, ...metadata]
  writeFileSync(
    path,
    zip({
      ...files,
      [`${info}/METADATA`]: `${head.join('\n')}\n\nName: not this, which is text\n`,
      [`${info}/WHEEL`]: `Wheel-Version: 1.0\nTag: ${tag}\n\n`,
      [`${info}/RECORD`]: `${[...record, `${info}/RECORD,,`].join('\n')}\n`,
    }),
  )
  return path
}

/** A zip whose files are stored as they are. */
export function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const [name, data] = [Buffer.from(path), Buffer.from(content)]
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const central = Buffer.alloc(14)
    central.writeUInt32LE(offset, 10)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, data])
    centrals.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), common, central, name)
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(Object.keys(files).length, 8)
  end.writeUInt16LE(Object.keys(files).length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
