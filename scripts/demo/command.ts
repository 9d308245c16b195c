import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hidLibrary } from '../../drivers/transport/hid-library.ts'
import { root } from '../runtime.js'
import { startDemo } from './demo.ts'
import { openFolder } from './folder.ts'

const help = `window24 demo: a whole hall on this machine, on loopback only

  --data DIR        where everything is kept (default: data/demo in the checkout)
  --base-port N     terminal N, window N+1, hall N+2, dock N+3, pad N+4 (default: 8024)
  --dev             restart devices and reload pages when their sources change
`

const DEFAULT_BASE_PORT = 8024
const HIGHEST_BASE_PORT = 65_000

/** Runs until it is told to stop; answers the exit code. */
export async function demoCommand(args: string[]): Promise<number> {
  let values: { data?: string; 'base-port'?: string; dev?: boolean; help?: boolean }
  try {
    ;({ values } = parseArgs({
      args,
      options: {
        data: { type: 'string' },
        'base-port': { type: 'string' },
        dev: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`)
    return 2
  }
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const basePort = Number(values['base-port'] ?? DEFAULT_BASE_PORT)
  if (!Number.isInteger(basePort) || basePort < 1024 || basePort > HIGHEST_BASE_PORT) {
    process.stderr.write(`--base-port must be a whole number from 1024 to ${HIGHEST_BASE_PORT}\n`)
    return 2
  }

  const stopped = stopRequested()
  const hid = await hidLibrary()
  if (!hid.available) console.log(`USB-HID 设备暂不可用 · USB HID devices cannot be used: ${hid.detail}`)

  const folder = openFolder(values.data ?? join(root, 'data', 'demo'))
  if (folder.trouble !== null) console.log(folder.trouble)

  const demo = await startDemo({ dataDir: folder.path, basePort, dev: values.dev ?? false })
  console.log(demo.table)
  await stopped
  await demo.close()
  folder.leave()
  return demo.anythingRuns ? 0 : 1
}

/** Ctrl-C, a service manager, or the closing of the terminal window; said again it changes nothing. */
function stopRequested(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
}
