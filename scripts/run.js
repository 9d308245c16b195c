// Runs one of the workshop's scripts under the pinned runtime: node scripts/run.js scripts/house.ts [arguments]
import { spawnSync } from 'node:child_process'
import { ensureInstalled } from './install.js'
import { pinnedNode } from './runtime.js'

ensureInstalled()
process.exitCode = spawnSync(pinnedNode() ?? '', process.argv.slice(2), { stdio: 'inherit' }).status ?? 1
