import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ippRequest } from '../../../drivers/page-printer/client.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import { environment, freePort, needTools, start, stop } from './tools.ts'

/** CUPS's own IPP Everywhere printer, as a process of its own. */
export interface EvePrinter {
  /** `ipp://localhost:PORT/ipp/print` */
  readonly port: string
  /** What has come out, oldest first. */
  pages(): Uint8Array[]
  /** It says media-empty within a job, and goes on with it when there is paper again. */
  setPaper(paper: 'ok' | 'out'): void
  /** As by pulling its plug. */
  kill(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

const UP_WITHIN_MS = 10_000

/**
 * What ippeveprinter runs for a document. It reads states and counts from stderr; a page appears under its name
 * when it is whole.
 */
const command = (folder: string, secondsPerJob: number): string => `#!/bin/sh
cp "$1" '${folder}/printed/.part'
sleep ${secondsPerJob}
if [ -e '${folder}/empty' ]; then
  echo 'STATE: +media-empty' >&2
  while [ -e '${folder}/empty' ]; do sleep 0.05; done
  echo 'STATE: -media-empty' >&2
fi
mv '${folder}/printed/.part' "${folder}/printed/$(date +%s%N).pdf"
echo 'ATTR: job-impressions=1 job-impressions-completed=1' >&2
`

/** Starts one on a free port. It takes PDF and prints a document in so many seconds. */
export async function startEvePrinter(secondsPerJob = 0.05): Promise<EvePrinter> {
  needTools('ippeveprinter', 'dbus-daemon', 'avahi-daemon')
  await needBus()
  const folder = mkdtempSync(join(tmpdir(), 'w24-eve-'))
  for (const name of ['printed', 'spool']) mkdirSync(join(folder, name))
  const script = join(folder, 'print.sh')
  writeFileSync(script, command(folder, secondsPerJob), { mode: 0o755 })
  const number = await freePort()
  const port = `ipp://localhost:${number}/ipp/print`
  const launch = async () => {
    const spool = ['-d', join(folder, 'spool'), '-c', script]
    const names = ['-n', 'localhost', '-p', String(number), '-f', 'application/pdf', '-r', 'off']
    const started = start('ippeveprinter', [...names, ...spool, `window24 test ${number}`])
    await isUp(port, () => started.child.exitCode !== null && started.said())
    return started.child
  }
  let child = await launch()
  const printed = join(folder, 'printed')
  return {
    port,
    pages: () =>
      readdirSync(printed)
        .filter((name) => name.endsWith('.pdf'))
        .sort()
        .map((name) => Uint8Array.from(readFileSync(join(printed, name)))),
    setPaper: (paper) => {
      const mark = join(folder, 'empty')
      if (paper === 'out') writeFileSync(mark, '')
      else rmSync(mark, { force: true })
    },
    kill: () => stop(child, 'SIGKILL'),
    restart: async () => {
      child = await launch()
    },
    close: async () => {
      rmSync(join(folder, 'empty'), { force: true })
      await stop(child, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until a printer or queue answers. @throws when its program has ended, with what it said */
export async function isUp(port: string, ended: () => string | false): Promise<void> {
  const read = readTarget(port)
  if (!read.ok) throw new Error(read.detail)
  const deadline = performance.now() + UP_WITHIN_MS
  for (;;) {
    const request = { operation: 'Get-Printer-Attributes' } as const
    const asked = await ippRequest(read.target, request, { user: 'window24-test', deadlineMs: 1000 })
    if (asked.kind !== 'failed') return
    const words = ended()
    if (words !== false || performance.now() > deadline)
      throw new Error(`${port} did not come up: ${words === false ? asked.detail : words}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/**
 * ippeveprinter ends at once without Avahi, and Avahi without D-Bus. Root starts both where they are missing, one
 * test at a time. A socket or a process number may have outlived its daemon: only an answer counts.
 */
async function needBus(): Promise<void> {
  if ((await answers(BUS)) && (await answers(AVAHI))) return
  if (process.getuid?.() !== 0) throw new Error('ippeveprinter needs D-Bus and Avahi: start both as root')
  const alive = (daemon: string, pid: string) =>
    `[ "$(cat /proc/$(cat ${pid} 2>/dev/null || echo none)/comm 2>/dev/null)" = ${daemon} ]`
  const steps = [
    'mkdir -p /run/dbus',
    `${alive('dbus-daemon', '/run/dbus/pid')} || { rm -f /run/dbus/pid ${BUS}; dbus-daemon --system --fork; }`,
    `${alive('avahi-daemon', '/run/avahi-daemon/pid')} || { rm -f /run/avahi-daemon/pid ${AVAHI}; avahi-daemon --daemonize; }`,
  ]
  const lock = join(tmpdir(), 'window24-test-bus.lock')
  execFileSync('flock', ['-o', lock, 'sh', '-ec', steps.join('\n')], { env: environment(), stdio: 'ignore' })
}

const BUS = '/run/dbus/system_bus_socket'
const AVAHI = '/run/avahi-daemon/socket'

function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const tried = connect(socket)
    tried.once('connect', () => resolve(true)).once('error', () => resolve(false))
    tried.once('connect', () => tried.destroy())
  })
}
