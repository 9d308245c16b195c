#!/usr/bin/env node
// The command. Whatever Node starts it, the pinned one runs it (see runtime.js and DESIGN.md, decisions).
import { spawn } from 'node:child_process'
import { realpathSync } from 'node:fs'
import * as nodeModule from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { pinnedNode, root, unsupportedMachine } from './runtime.js'

// All of China keeps one time. A machine image left at UTC would otherwise greet citizens at night as by day and
// tell them hours that no hall keeps.
process.env.TZ = 'Asia/Shanghai'

// libuv gives four worker threads to all that waits: files, names, keys, and serial lines that are being drained. A
// stalled line holds one; a terminal has four lines, and libuv's own four are to be left beside them.
process.env.UV_THREADPOOL_SIZE ??= '8'

const node = pinnedNode()
const trouble = unsupportedMachine() ?? (node ? null : `window24 is not installed yet: run npm ci in ${root}`)

if (trouble !== null || node === null) {
  console.error(trouble)
  process.exitCode = 1
} else if (realpathSync(process.execPath) === realpathSync(node)) {
  nodeModule.enableCompileCache?.(join(root, 'node_modules', '.cache', 'window24-compile'))
  const { main } = await import('./window24.ts')
  await main(process.argv.slice(2))
} else {
  // A device sends months of facts in the memory of a small board: what a batch leaves behind is taken away at once
  // instead of being let grow to three times 16 MiB first.
  const sparing = process.argv[2] === 'device' ? ['--max-semi-space-size=4'] : []
  const child = spawn(node, [...sparing, ...process.argv.slice(1)], { stdio: 'inherit' })
  for (const signal of /** @type {NodeJS.Signals[]} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0)
  })
}
