/** Why a server cannot be used. */
export interface Fault {
  /** Part of a sentence. */
  readonly reason: string
  readonly remedy: string
}

/** What the code or the message of an error has in it, what that means, and what to do. */
const FAULTS: readonly (readonly [sign: RegExp, reason: string, remedy: string])[] = [
  [/ECONNREFUSED/, 'nothing listens there', 'start redis-server there, or correct the host and the port'],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'its host is unknown',
    'correct the name of the host, or see that this machine can look it up',
  ],
  [
    /ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/,
    'the host does not answer',
    'see that the host is up and that no firewall is in the way',
  ],
  [/NOAUTH/, 'it wants a password', 'write redis://user:password@host:port'],
  [
    /WRONGPASS|invalid password|AUTH.* called without any password/,
    'it refuses the user or the password',
    'correct them',
  ],
  [
    /NOPERM/,
    'its user may not do what is needed',
    'give the user the rights that the page on Redis lists, among them +info',
  ],
  [/DB index/, 'it does not have the database of that number', 'correct the number after the host'],
  [/ALTNAME/, 'its certificate is for another host', 'use the name that is in the certificate'],
  [/CERT_HAS_EXPIRED|NOT_YET_VALID/, 'its certificate is not valid today', 'renew the certificate'],
  [
    /SELF_SIGNED|UNABLE_TO_|CERT_/,
    'its certificate is signed by nobody that is trusted here',
    'set DYNOTUNE_REDIS_CA to a file with the certificate of the authority that signed it',
  ],
  [/ERR_SSL|EPROTO/, 'TLS fails', 'write redis:// where the server speaks no TLS'],
  [
    /ECONNRESET|EPIPE|Connection is closed|socket disconnected/,
    'it hung up',
    'see that it is a Redis that lets this machine in (protected-mode, maxclients), and that the URL says rediss:// where it speaks TLS',
  ],
  [/Please report this/, 'something else than Redis is there', 'correct the host and the port'],
  [
    /no answer|Socket timeout/,
    '',
    'see that the host is up, that no firewall is in the way, that Redis is neither stopped nor still loading its data, and that the URL says rediss:// where it speaks TLS and only there',
  ],
]

/** What an error of a connection means. */
export function faultOf(error: unknown): Fault {
  const { code, message } = readError(error)
  const [, reason, remedy] = FAULTS.find(([sign]) => sign.test(code ?? message)) ?? []
  // A server's replies begin with a code.
  const detail = code ?? /^[A-Z]{4,}(?= )/.exec(message)?.[0]
  if (!reason) return { reason: message, remedy: remedy ?? 'see what its log says' }
  return { reason: detail === undefined ? reason : `${reason} (${detail})`, remedy: remedy ?? '' }
}

function readError(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) }
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : undefined, message: error.message }
}
