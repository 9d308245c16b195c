import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export interface PtyOptions {
  /** The stable name, as in /dev/serial/by-id; one in a folder of its own when left out. */
  link?: string
}

/** One end of a serial cable whose other end is a real pty under a stable name. */
export interface Pty {
  readonly link: string
  /** As a driver is given it. */
  readonly port: string
  /** The device's end; another one after each coming back. */
  readonly peer: Socket
  /** While on, the wire takes no bytes and brings none: what is written stays with the kernel. */
  stall(on: boolean): Promise<void>
  /** The device is pulled: its pty and its names are gone. */
  vanish(): Promise<void>
  /** Plugged in again: another pty, of another name, behind the same link. */
  comeBack(): Promise<void>
  close(): Promise<void>
}

/** Starts a serial device that says nothing by itself. Closed at the end of the test. */
export async function startPty({ link }: PtyOptions = {}): Promise<Pty> {
  const folder = mkdtempSync(join(tmpdir(), 'pty-'))
  const pty = new SocatPty(folder, link ?? join(folder, 'by-id'))
  onTestFinished(() => pty.close())
  await pty.comeBack()
  return pty
}

/** One pty with its socat. */
interface Plug {
  socat: ChildProcess
  peer: Socket
  node: string
  device: string
}

class SocatPty implements Pty {
  readonly link: string
  #folder: string
  #plugs = 0
  #current: Plug | undefined
  #device: string | undefined

  constructor(folder: string, link: string) {
    this.#folder = folder
    this.link = link
  }

  get port(): string {
    return `serial:${this.link}?baud=115200`
  }

  get peer(): Socket {
    if (this.#current === undefined) throw new Error('the device is not plugged in')
    return this.#current.peer
  }

  async stall(on: boolean): Promise<void> {
    const socat = this.#current?.socat
    socat?.kill(on ? 'SIGSTOP' : 'SIGCONT')
    // A signal takes effect when the process is next scheduled; `T` is stopped.
    const stopped = (): boolean => / T /.test(readFileSync(`/proc/${socat?.pid}/stat`, 'latin1'))
    while (socat !== undefined && stopped() !== on) await new Promise((resolve) => setTimeout(resolve, 1))
  }

  async comeBack(): Promise<void> {
    const before = this.#device
    let plug = await this.#plug()
    if (plug.device === before) {
      // The kernel gives the lowest free number again: taken by this one, it is not the next one's.
      const same = plug
      plug = await this.#plug()
      await pull(same)
    }
    this.#current = plug
    this.#device = plug.device
    rmSync(this.link, { force: true })
    symlinkSync(plug.node, this.link)
  }

  async vanish(): Promise<void> {
    const plug = this.#current
    if (plug === undefined) return
    this.#current = undefined
    rmSync(this.link, { force: true })
    await pull(plug)
  }

  async close(): Promise<void> {
    await this.vanish()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #plug(): Promise<Plug> {
    this.#plugs += 1
    const path = join(this.#folder, `socket-${this.#plugs}`)
    const node = join(this.#folder, `ttyUSB${this.#plugs}`)
    const server = createServer()
    server.listen(path)
    await once(server, 'listening')
    const socat = spawn('socat', [`PTY,link=${node},rawer`, `UNIX-CONNECT:${path}`], { stdio: 'ignore' })
    const peer = await new Promise<Socket>((resolve, reject) => {
      server.once('connection', resolve)
      socat.once('error', () =>
        reject(new Error('socat is needed for ptys: install the Debian package socat')),
      )
      socat.once('exit', (code) => reject(new Error(`socat made no pty (exit ${code})`)))
    })
    // Nobody else is let in, and the folder needs no socket any more.
    server.close()
    peer.on('error', () => {})
    // socat makes the pty and its name before it connects.
    return { socat, peer, node, device: realpathSync(node) }
  }
}

async function pull({ socat, peer, node }: Plug): Promise<void> {
  const ended = once(socat, 'exit')
  // Killed outright it cannot tidy up: master and slave go at once, as when a cable is pulled.
  if (socat.exitCode === null && socat.signalCode === null) {
    socat.kill('SIGKILL')
    await ended
  }
  rmSync(node, { force: true })
  peer.destroy()
}
