// Builds the pages when they are stale: when what they are made from is not what the last build was made from.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pinnedNode, root } from './runtime.js'

const dist = join(root, 'ui', 'dist')
const stamp = join(dist, '.made-from')

/** Everything that goes into a page. */
function sources() {
  const files = readdirSync(join(root, 'ui'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(`${dist}/`))
  return [...files.sort(), join(root, 'package-lock.json')]
}

function sourcesHash() {
  const hash = createHash('sha256')
  for (const path of sources()) hash.update(`${relative(root, path)}\0`).update(readFileSync(path))
  return hash.digest('hex')
}

/** Throws with one line for a person when the build fails. */
export function ensurePages() {
  const wanted = sourcesHash()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Building the pages …')
  const vite = spawnSync(
    pinnedNode() ?? process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--config',
      'ui/vite.config.ts',
      '--logLevel',
      'warn',
    ],
    { cwd: root, stdio: 'inherit' },
  )
  if (vite.status !== 0) throw new Error('The pages could not be built (see above).')
  mkdirSync(dist, { recursive: true })
  writeFileSync(stamp, wanted)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensurePages()
