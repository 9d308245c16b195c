// Installs from the lockfile when what is installed does not belong to it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode, root } from './runtime.js'

const stamp = join(root, 'node_modules', '.window24-lockfile')

function lockfileHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

export function isInstalled() {
  return pinnedNode() !== null && existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfileHash()
}

/** Throws with one line for a person when npm cannot do it. */
export function ensureInstalled() {
  if (isInstalled()) return
  console.log('Installing from the lockfile (once, about a minute) …')
  // Every native part ships its binaries inside its package, so no install script has to run and no compiler
  // is needed; npm 10 would otherwise start node-gyp by itself.
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (npm.status !== 0) {
    throw new Error('npm ci failed (see above). Check the network and the npm registry, then try again.')
  }
  if (pinnedNode() === null) {
    throw new Error(`npm ci brought no node-linux-${process.arch}: optional packages must not be omitted.`)
  }
  writeFileSync(stamp, lockfileHash())
}
