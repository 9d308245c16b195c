// Installs from the lockfile when what is installed does not belong to it.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode, root } from './runtime.js'

/**
 * What is read of npm's lockfile, version 3.
 * @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile packages by their folder; '' is this project
 */

/**
 * @param {Lockfile} asked package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json, which npm writes once it has installed everything
 * @returns whether all that was asked for is there; what is optional may be for another machine
 */
export function isWhole({ packages: asked = {} }, { packages: installed = {} }) {
  return Object.entries(asked).every(([folder, { version, integrity, optional }]) => {
    if (folder === '') return true
    const there = installed[folder]
    if (there === undefined) return optional === true
    return there.version === version && there.integrity === integrity
  })
}

function isInstalled() {
  const written = join(root, 'node_modules', '.package-lock.json')
  if (pinnedNode() === null || !existsSync(written)) return false
  const asked = read(join(root, 'package-lock.json'))
  try {
    return isWhole(asked, read(written))
  } catch {
    // Cut off while it was written: npm begins anew.
    return false
  }
}

/**
 * @param {string} path
 * @returns {Lockfile}
 */
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))

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
}
