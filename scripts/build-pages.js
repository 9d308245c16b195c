// Builds the pages when they are stale: when what they are made from is not what the last build was made from.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pinnedNode, root } from './runtime.js'

const dist = join(root, 'ui', 'dist')
const stamp = join(dist, '.made-from')
/** What the pages speak: made by the build where it is missing, or a hall's own recordings (scripts/clips.ts). */
const clips = join(root, 'node_modules', '.cache', 'window24-clips')

/** What a page carries of its device besides types: words (device/http/contract-words.ts). */
const sharedWords = [
  'sync/protocol/feedback-words.ts',
  ...['check-words', 'check-words-zh', 'check-words-en', 'words', 'words-zh', 'words-en'].map(
    (name) => `device/health/${name}.ts`,
  ),
  ...['words', 'words-zh', 'words-en'].map((name) => `device/technician/peripherals/${name}.ts`),
]

/** Everything that goes into a page. */
function sources() {
  const files = readdirSync(join(root, 'ui'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(`${dist}/`))
  return [...files.sort(), ...[...sharedWords, 'package-lock.json'].map((path) => join(root, path))]
}

/** @param {string[]} paths */
function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${relative(root, path)}\0`).update(readFileSync(path))
  return hash.digest('hex')
}

/** Whether the build makes clips that are missing. */
const canSpeak = () =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'espeak-ng')))

/**
 * Pages that were built without a voice are stale once one can be made.
 * @param {string} made the hash of the sources, as they were before the build
 */
const madeFrom = (made) => {
  const spoken = hashOf(existsSync(clips) ? readdirSync(clips).map((name) => join(clips, name)) : [])
  return `${made} ${spoken} ${canSpeak() ? 'spoken' : 'silent'}`
}

/** Throws with one line for a person when the build fails. */
export function ensurePages() {
  const wanted = hashOf(sources())
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeFrom(wanted)) return
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
  writeFileSync(stamp, madeFrom(wanted))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensurePages()
