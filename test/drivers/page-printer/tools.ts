import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { createServer } from 'node:net'

/** Debian's package for each program that these tests run. */
const PACKAGES = {
  ippeveprinter: 'cups-ipp-utils',
  ipptool: 'cups-ipp-utils',
  cupsd: 'cups-daemon',
  lp: 'cups-client',
  lpstat: 'cups-client',
  lpadmin: 'cups-client',
  cupsenable: 'cups-client',
  cupsdisable: 'cups-client',
  pdftoppm: 'poppler-utils',
  zbarimg: 'zbar-tools',
  'dbus-daemon': 'dbus-daemon',
  'avahi-daemon': 'avahi-daemon',
} as const

export type Tool = keyof typeof PACKAGES

/** @throws with what to install; a test without its tools fails, it does not pass unseen */
export function needTools(...tools: Tool[]): void {
  const missing = tools.filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return
  const packages = [...new Set(missing.map((tool) => PACKAGES[tool]))].join(' ')
  throw new Error(`these tests run ${missing.join(', ')}: apt-get install ${packages}`)
}

function isInstalled(tool: Tool): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore', env: environment() })
    return true
  } catch {
    return false
  }
}

/** Daemons lie in sbin, which a user's PATH may lack. */
export function environment(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: 'C' }
}

/** A port that was free a moment ago: these programs take none of themselves. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** Starts a program whose last words are kept for the error that tells why it ended. */
export function start(tool: Tool, args: string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment() })
  let said = ''
  const keep = (chunk: Buffer): void => {
    said = (said + chunk.toString('utf8')).slice(-2000)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return { child, said: () => said }
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill(signal)
  await ended
}

/** Runs a program to its end and gives what it said. */
export function run(tool: Tool, args: string[]): string {
  return execFileSync(tool, args, { env: environment(), encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
