// npm start: install when needed, build the pages when stale, run the demo. Runs under any Node from 20 on.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { ensurePages } from './build-pages.js'
import { ensureInstalled } from './install.js'
import { pinnedNode, root, unsupportedMachine } from './runtime.js'

/** @type {NodeJS.Signals[]} */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

/** @param {string[]} args */
const runtime = (...args) => spawn(pinnedNode() ?? '', args, { cwd: root, stdio: 'inherit' })

/** `npm run dev`: pages are built anew at each change; the devices then serve them and the screens reload. */
const watchPages = () =>
  runtime(
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--watch',
    '--config=ui/vite.config.ts',
    '--logLevel=warn',
  )

try {
  const trouble = unsupportedMachine()
  if (trouble !== null) throw new Error(trouble)
  ensureInstalled()
  ensurePages()
  const args = process.argv.slice(2)
  const watching = args.includes('--dev') ? watchPages() : null
  const demo = runtime(join(root, 'scripts/window24.js'), 'demo', ...args)
  // The demo stops by itself on Ctrl-C, which a terminal sends to all of us: wait for it.
  for (const signal of stopSignals) process.on(signal, () => demo.kill(signal))
  demo.on('exit', (code, signal) => {
    watching?.kill()
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
  })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
