import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { DynotuneError } from '../../errors.ts'

/**
 * What TLS is told about a server: its name, and whom to trust, which is those that Node trusts, or with `DYNOTUNE_REDIS_CA`
 * (a file, PEM) only who is in there. Throws `redis.connection` where that file has no certificate.
 */
export function tlsOptions(host: string): { servername?: string; ca?: string } {
  const file = process.env.DYNOTUNE_REDIS_CA
  return {
    // RFC 6066, 3: the name of a server is never an IP address.
    ...(isIP(host) === 0 && { servername: host }),
    ...(file && { ca: readCertificate(file) }),
  }
}

function readCertificate(file: string): string {
  try {
    const text = readFileSync(file, 'utf8')
    // TLS itself would pass over a file without a certificate in silence.
    new X509Certificate(text)
    return text
  } catch (cause) {
    throw new DynotuneError('redis.connection', `There is no certificate in the file ${file}.`, {
      path: 'DYNOTUNE_REDIS_CA',
      value: file,
      remedy: 'name a file with the certificate of the authority that signed that of Redis, as PEM',
      cause,
    })
  }
}
