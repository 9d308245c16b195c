import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { environment, freePort, needTools } from '../page-printer/tools.ts'

/** A real CUPS with a folder and a port of its own. */
export interface Cupsd {
  /** As a machine names its CUPS. */
  address: string
  hostPort: string
  /** Runs one of CUPS's commands against this server. */
  run(command: string, args: string[]): string
}

/** Seconds on a busy machine, tenths of one otherwise. */
const UP_WITHIN_MS = 15_000

export async function startCupsd(): Promise<Cupsd> {
  needTools('cupsd', 'lpadmin', 'lpstat', 'cupsdisable')
  const folder = mkdtempSync(join(tmpdir(), 'cupsd-'))
  // Its programs run as lp.
  chmodSync(folder, 0o755)
  const port = await freePort()
  for (const name of ['spool', 'spool/tmp', 'cache', 'state', 'log', 'etc']) mkdirSync(join(folder, name))
  const files = join(folder, 'etc', 'cups-files.conf')
  writeFileSync(
    files,
    [
      `ServerRoot ${folder}/etc`,
      `RequestRoot ${folder}/spool`,
      `TempDir ${folder}/spool/tmp`,
      `CacheDir ${folder}/cache`,
      `StateDir ${folder}/state`,
      ...['AccessLog access', 'ErrorLog error', 'PageLog page'].map((line) =>
        line.replace(' ', ` ${folder}/log/`),
      ),
      'SystemGroup root',
      '',
    ].join('\n'),
  )
  const configuration = join(folder, 'etc', 'cupsd.conf')
  writeFileSync(
    configuration,
    `Listen 127.0.0.1:${port}
Browsing Off
WebInterface No
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
`,
  )
  const daemon = spawn('cupsd', ['-f', '-c', configuration, '-s', files], {
    stdio: 'ignore',
    env: environment(),
  })
  const gone = new Promise((resolve) => daemon.once('exit', resolve))
  onTestFinished(async () => {
    daemon.kill('SIGTERM')
    await gone
    rmSync(folder, { recursive: true, force: true })
  })
  const hostPort = `127.0.0.1:${port}`
  const run = (command: string, args: string[]): string =>
    execFileSync(command, args, {
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...environment(), CUPS_SERVER: hostPort },
    })
  await untilUp(() => run('lpstat', ['-r']).includes('is running'))
  return { address: `ipp://${hostPort}/`, hostPort, run }
}

async function untilUp(isUp: () => boolean): Promise<void> {
  const deadline = performance.now() + UP_WITHIN_MS
  while (!isUp()) {
    if (performance.now() > deadline) throw new Error(`cupsd did not come up within ${UP_WITHIN_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
