// npm start: install when needed, build the pages when stale, run the demo. Runs under any Node from 20 on.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pinnedNode, root, unsupportedMachine } from './runtime.js'

/** @type {NodeJS.Signals[]} */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP']

async function main() {
  const trouble = unsupportedMachine()
  if (trouble !== null) throw new Error(trouble)
  const { ensureInstalled } = await import('./install.js')
  ensureInstalled()
  const { ensurePages } = await import('./build-pages.js')
  ensurePages()
  const demo = spawn(
    pinnedNode() ?? '',
    [join(root, 'scripts/window24.js'), 'demo', ...process.argv.slice(2)],
    {
      stdio: 'inherit',
    },
  )
  // The demo stops by itself on Ctrl-C, which the terminal sends to all of us: wait for it.
  for (const signal of stopSignals) process.on(signal, () => demo.kill(signal))
  demo.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
  })
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
