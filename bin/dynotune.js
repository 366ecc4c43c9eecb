#!/usr/bin/env node
// Plain JavaScript that any Node can parse: it only finds a Node that is new enough, and the program.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  nodeModule.enableCompileCache?.()
  const source = path('../src/cli/main.ts')
  const { main } = await import(existsSync(source) ? source : path('../dist/src/cli/main.js'))
  await main(process.argv.slice(2))
} else {
  const pinned = findPinned()
  if (!pinned) {
    console.error(
      `dynotune needs Node 22.18 or newer; this is ${process.version}.\n  try: npm install --save-dev node@24`,
    )
    process.exit(2)
  }
  const { status, signal } = spawnSync(pinned, process.argv.slice(1), { stdio: 'inherit' })
  process.exit(signal ? 1 : status)
}

/** The Node that the package `node` installs, beside this package or above it. */
function findPinned() {
  try {
    return nodeModule.createRequire(import.meta.url).resolve('node/bin/node')
  } catch {
    return undefined
  }
}
