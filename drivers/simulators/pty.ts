import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readlink, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monotonicMs, sleep } from '../time.ts'

/** A pseudo terminal whose master end is this program's. It serves one opening: it ends when it is closed again. */
export interface Pty {
  /** The terminal's own name, `/dev/pts/N`. */
  readonly name: string
  /** Hangs up whoever has opened it. Resolves when the terminal is gone. */
  close(): Promise<void>
}

/** socat is up within 10 ms; a machine that is busy starting everything else takes longer. */
const START_DEADLINE_MS = 10_000
const START_LOOK_MS = 2
/** How often socat looks whether the terminal has been opened. */
const OPENED_LOOK_SECONDS = 0.005
/** The kernel doubles it. A driver that is not listened to is to be held up after kilobytes, as on a cable. */
const SEND_BUFFER_BYTES = 4096
/** What a shell says, and setpriv too, when the program to run is not there. */
const NOT_FOUND = 127

/**
 * Makes a pseudo terminal, raw and without echo. Node cannot, so `socat` (a Debian package) does: it waits until
 * somebody opens the terminal and only then connects to a socket of ours, so that `opened` is called when a driver
 * is there, and the socket ends when the driver has closed the terminal.
 */
export async function makePty(opened: (socket: Socket) => void): Promise<Pty> {
  const folder = await mkdtemp(join(tmpdir(), 'window24-pty-'))
  const link = join(folder, 'terminal')
  const socketPath = join(folder, 'socket')
  let client: Socket | undefined
  let closing = false
  const server = await listen(socketPath, (socket) => {
    client = socket
    // Opened in the moment in which it was pulled: nobody is to hear of it.
    if (closing) socket.destroy()
    else opened(socket)
  })
  const child = startSocat(link, socketPath)
  const { promise: gone, resolve: markGone } = Promise.withResolvers<void>()
  let complaint = ''
  child.stderr?.on('data', (text: Buffer) => {
    complaint += text.toString()
  })
  child.on('error', (error) => {
    complaint += error.message
    markGone()
  })
  child.on('exit', () => markGone())

  const close = async (): Promise<void> => {
    closing = true
    // Not a polite end, for which socat waits half a second: a pulled plug.
    child.kill('SIGKILL')
    await gone
    client?.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await rm(folder, { recursive: true, force: true })
  }

  const name = await waitForName(link, child)
  if (name !== undefined) return { name, close }
  await close()
  throw new Error(
    child.exitCode === NOT_FOUND || child.pid === undefined
      ? `a pty needs the Debian packages socat and util-linux (setpriv): ${complaint.trim()}`
      : `socat made no pty: ${complaint.trim()}`,
  )
}

async function listen(path: string, opened: (socket: Socket) => void): Promise<Server> {
  // Half open, so that the terminal stays until whoever was told of the driver's leaving closes the socket.
  const server = createServer({ allowHalfOpen: true }, opened)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  return server
}

function startSocat(link: string, socketPath: string): ChildProcess {
  const terminal = `PTY,rawer,echo=0,link=${link},wait-slave,pty-interval=${OPENED_LOOK_SECONDS}`
  const socket = `UNIX-CONNECT:${socketPath},sndbuf=${SEND_BUFFER_BYTES}`
  // While socat waits for an opening it looks at nothing else: setpriv has the kernel end it with its parent, even
  // when that is killed with -9.
  return spawn('setpriv', ['--pdeathsig', 'TERM', '--', 'socat', terminal, socket], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
}

/** Undefined when socat ends or says nothing in time. */
async function waitForName(link: string, child: ChildProcess): Promise<string | undefined> {
  const deadline = monotonicMs() + START_DEADLINE_MS
  while (child.exitCode === null && child.pid !== undefined && monotonicMs() < deadline) {
    const name = await readlink(link).catch(() => undefined)
    if (name !== undefined) return name
    await sleep(START_LOOK_MS)
  }
  return undefined
}
