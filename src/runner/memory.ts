import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { platform } from 'node:os'

/**
 * How many processes the kernel has killed since it started because memory ran out, in a container or on the machine; 0 where it
 * does not say (other systems than Linux).
 * @param read the text of `/proc/vmstat`
 */
export function memoryKills(read: () => string = () => readFileSync('/proc/vmstat', 'utf8')): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(read())?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** Resident memory of a process in bytes; 0 when it is gone. */
export function residentMemory(pid: number): number {
  try {
    if (platform() === 'linux') {
      const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
      return Number(kibibytes?.[1] ?? 0) * 1024
    }
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024
  } catch {
    return 0
  }
}
