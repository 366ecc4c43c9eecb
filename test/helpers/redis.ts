import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { isAlive, killHard, until } from './processes.ts'

export interface RedisOptions {
  /** Keeps its data in an append-only file, written at each command; else it keeps nothing. Default: false. */
  readonly aof?: boolean
  /** The policy of `maxmemory`. Default: `noeviction`. */
  readonly policy?: string
  /** Bytes after which the policy applies, as in `100mb`. Default: no limit. */
  readonly maxmemory?: string
  /** Lines of its file of users. Default: everybody may do everything. */
  readonly acl?: readonly string[]
  /** Speaks TLS only, under a certificate made for `localhost`; see `ca`. Default: false. */
  readonly tls?: boolean
  /** Default: one that is free. */
  readonly port?: number
  /** Kept by `stop`. Default: a temporary one, which `stop` removes. */
  readonly folder?: string
}

export interface RedisServer {
  /** Without a user. */
  readonly url: string
  readonly port: number
  /** Of the process that runs now, or ran last. */
  readonly pid: number
  readonly folder: string
  /** The file of the certificate to trust, where it speaks TLS. */
  readonly ca: string
  /** `kill -9`, over when the process is gone. */
  kill(): Promise<void>
  /** Ends it for good and removes a folder of its own. */
  stop(): Promise<void>
  /** Stops the process in its tracks, connections open, until `resume`. */
  pause(): void
  resume(): void
  /** Ends it unless it has ended, and starts it on the same port and folder. */
  restart(): Promise<void>
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** For the name of what is skipped without a server; empty where there is one. */
export const NO_REDIS = hasRedis ? '' : ' (skipped: no redis-server; apt-get install redis-server)'
export const NO_OPENSSL = hasOpenssl ? '' : ' (skipped: no openssl; apt-get install openssl)'

/** A server until the end of the test that calls this. */
export async function redisForTest(options: RedisOptions = {}): Promise<RedisServer> {
  const server = await startRedis(options)
  onTestFinished(() => server.stop())
  return server
}

/** A server for all tests of the file, or of the `describe` in which this is called. */
export function redisForAll(options: RedisOptions = {}): () => RedisServer {
  let server: RedisServer | undefined
  beforeAll(async () => {
    server = await startRedis(options)
  })
  afterAll(() => server?.stop())
  return () => {
    if (!server) throw new Error('the server starts before the tests, not before that')
    return server
  }
}

/** Starts a server on 127.0.0.1, to be ended with `stop`; ready when the promise is. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'dynotune-redis-'))
  const ca = join(folder, 'certificate.pem')
  const first = await launchAt(() => options.port ?? freePort(), folder, options)
  const { port } = first
  let { child } = first
  const pid = () => child.pid ?? 0
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    if (!isAlive(pid())) return
    child.kill(signal)
    child.kill('SIGCONT')
    await until(() => !isAlive(pid()), `the end of redis-server ${pid()}`)
  }
  return {
    url: options.tls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    port,
    folder,
    ca,
    get pid() {
      return pid()
    },
    kill: () => end('SIGKILL'),
    async stop() {
      await end(options.folder === undefined ? 'SIGKILL' : 'SIGTERM')
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async restart() {
      await end('SIGTERM')
      ;({ child } = await launchAt(() => port, folder, options))
    },
  }
}

/** A port of 127.0.0.1 that nobody listens on, for now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Servers that no test has ended when the process ends, such as those of a test that failed on its way to `stop`. */
const running = new Set<number>()
process.once('exit', () => running.forEach(killHard))

/**
 * Tries again while the port is in use: since it was found free, somebody else may have taken it, or a client that looked for
 * the server that was there may have met itself.
 */
async function launchAt(
  choosePort: () => number | Promise<number>,
  folder: string,
  options: RedisOptions,
): Promise<{ port: number; child: ChildProcess }> {
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort()
    try {
      return { port, child: await launch(folder, port, options) }
    } catch (error) {
      if (attempt === 10 || !/in use/.test(String(error))) throw error
      await sleep(100)
    }
  }
}

function launch(folder: string, port: number, options: RedisOptions): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true })
  const child = spawn('redis-server', wordsFor(folder, port, options), { stdio: ['ignore', 'pipe', 'pipe'] })
  const { pid } = child
  if (pid !== undefined) running.add(pid)
  return new Promise((resolve, reject) => {
    let log = ''
    const read = (text: string) => {
      log = `${log}${text}`.slice(-4000)
      // Said when the data are loaded and the port is open.
      if (log.includes('Ready to accept connections')) resolve(child)
    }
    child.stdout.setEncoding('utf8').on('data', read)
    child.stderr.setEncoding('utf8').on('data', read)
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (pid !== undefined) running.delete(pid)
      reject(new Error(`redis-server ended (${code ?? signal}):\n${log}`))
    })
  })
}

function wordsFor(folder: string, port: number, { aof, policy, maxmemory, acl, tls }: RedisOptions): string[] {
  const words = ['--bind', '127.0.0.1', '--dir', folder, '--save', '']
  words.push('--maxmemory-policy', policy ?? 'noeviction', '--maxmemory', maxmemory ?? '0')
  words.push('--appendonly', aof ? 'yes' : 'no', '--appendfsync', 'always')
  if (acl) {
    const users = join(folder, 'users.acl')
    writeFileSync(users, `${acl.join('\n')}\n`)
    words.push('--aclfile', users)
  }
  if (!tls) return [...words, '--port', String(port)]
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  if (!existsSync(certificate)) makeCertificate(key, certificate)
  words.push('--port', '0', '--tls-port', String(port), '--tls-auth-clients', 'no')
  return [...words, '--tls-key-file', key, '--tls-cert-file', certificate, '--tls-ca-cert-file', certificate]
}

/** For `localhost`, signed by itself. */
function makeCertificate(key: string, certificate: string): void {
  const words = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost'.split(
    ' ',
  )
  const names = ['-addext', 'subjectAltName=DNS:localhost']
  execFileSync('openssl', [...words, ...names, '-keyout', key, '-out', certificate], { stdio: 'ignore' })
}
