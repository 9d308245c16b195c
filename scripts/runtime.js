// Runs under any Node from 20 on, before or after the install: finds the Node 24 that the lockfile brings.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The pinned runtime's path, or null before the install and on machines that it does not come for. */
export function pinnedNode() {
  const path = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  return existsSync(path) ? path : null
}

/** One clear line for a machine that the runtime does not exist for, or null. */
export function unsupportedMachine() {
  if (process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64')) return null
  return `window24 runs on Linux, x64 or arm64; this is ${process.platform}, ${process.arch}`
}
