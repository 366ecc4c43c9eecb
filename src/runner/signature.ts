import { createHmac, timingSafeEqual } from 'node:crypto'
import { DynotuneError } from '../errors.ts'

const SHORTEST_SECRET = 16

/** HMAC-SHA256 (RFC 2104) of a text under a secret, in hex. */
export function sign(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

/** Whether a signature is this text's under this secret. Anything that is no signature at all is not. */
export function isSigned(secret: string, text: string, signature: unknown): boolean {
  if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/.test(signature)) return false
  // How long it takes tells nothing of how much is right.
  return timingSafeEqual(Buffer.from(sign(secret, text), 'hex'), Buffer.from(signature, 'hex'))
}

/**
 * The secret that schedulers and workers share, from `DYNOTUNE_SECRET`; undefined when that is not set.
 * @throws DynotuneError `worker.secret` for one of under 16 characters, without the secret in it
 */
export function readSecret(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const secret = env.DYNOTUNE_SECRET
  if (secret === undefined || secret.length >= SHORTEST_SECRET) return secret
  throw new DynotuneError('worker.secret', `The secret has fewer than ${SHORTEST_SECRET} characters.`, {
    path: 'DYNOTUNE_SECRET',
    remedy: 'make one with: openssl rand -hex 32',
  })
}
