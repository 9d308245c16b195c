import { renameSync, rmSync, symlinkSync } from 'node:fs'
import { lstat, mkdir, readlink, rm, rmdir, stat } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { dirname } from 'node:path'
import { warnOfDefect } from '../listeners.ts'
import type { Outlet } from './outlet.ts'
import { makePty, type Pty } from './pty.ts'

/** One plugging: the terminal that the stable name leads to, and the one that takes its place. */
interface Plugged {
  current: Pty
  next: Promise<Pty>
}

/**
 * A serial adapter: a stable name, as in /dev/serial/by-id, for a terminal that is called differently each time it
 * comes back (field row 4). The stable name is there only while the adapter is plugged in.
 *
 * A pty of socat's ends when it is closed, a serial port does not: so the next one stands by, and the stable name
 * goes over to it when a driver has left.
 */
export class PtyOutlet implements Outlet {
  readonly port: string
  #path: string
  #plugged: Plugged | undefined
  #lastName: string | undefined
  /** The topmost folder that was made for the stable name, as udev makes by-id for its first device. */
  #madeFolder: string | undefined
  #left = new WeakSet<Socket>()
  #changes: Promise<void> = Promise.resolve()

  constructor(path: string, baud: number) {
    this.#path = path
    this.port = `serial:${path}?baud=${baud}`
  }

  async plug(taken: (socket: Socket) => void): Promise<void> {
    await refuseForeign(this.#path)
    this.#madeFolder = await mkdir(dirname(this.#path), { recursive: true })
    try {
      const plugged = { current: await this.#make(taken), next: this.#spare(taken) }
      this.#plugged = plugged
      if (plugged.current.name === this.#lastName) {
        // The kernel gives the lowest free number, which may well be the one of last time.
        const again = plugged.current
        plugged.current = await plugged.next
        plugged.next = Promise.resolve(again)
      }
      this.#point(plugged.current.name)
    } catch (error) {
      await this.unplug()
      throw error
    }
  }

  async unplug(): Promise<void> {
    const plugged = this.#plugged
    this.#plugged = undefined
    await this.#changes
    await plugged?.current.close()
    await (await plugged?.next.catch(() => undefined))?.close()
    if (plugged !== undefined) await rm(this.#path, { force: true })
    await this.#removeFolders()
  }

  #make(taken: (socket: Socket) => void): Promise<Pty> {
    const pty = makePty((socket) => {
      const leave = (): void => this.#replace(taken, socket, pty)
      socket.once('end', leave)
      socket.once('close', leave)
      taken(socket)
    })
    return pty
  }

  #spare(taken: (socket: Socket) => void): Promise<Pty> {
    const spare = this.#make(taken)
    // It is awaited when it is needed; until then its failing is nobody's.
    spare.catch(() => {})
    return spare
  }

  /** A driver has left and its terminal is of no more use. It is kept until the stable name leads to the next one. */
  #replace(taken: (socket: Socket) => void, socket: Socket, of: Promise<Pty>): void {
    const plugged = this.#plugged
    if (plugged === undefined || this.#left.has(socket)) return
    this.#left.add(socket)
    this.#changes = this.#changes
      .then(async () => {
        const left = await of
        // Whoever opened the one that stands by found it without the stable name, and is no driver.
        if (left !== plugged.current) return
        plugged.current = await plugged.next
        plugged.next = this.#spare(taken)
        if (this.#plugged === plugged) this.#point(plugged.current.name)
        socket.destroy()
        await left.close()
      })
      .catch((error: unknown) => warnOfDefect('a simulated serial adapter could not go on', error))
  }

  /** At no moment is there no such name: drivers would take it for an unplugged cable. */
  #point(name: string): void {
    const aside = `${this.#path}.new`
    rmSync(aside, { force: true })
    symlinkSync(name, aside)
    renameSync(aside, this.#path)
    this.#lastName = name
  }

  async #removeFolders(): Promise<void> {
    const topmost = this.#madeFolder
    this.#madeFolder = undefined
    if (topmost === undefined) return
    for (let folder = dirname(this.#path); folder.startsWith(topmost); folder = dirname(folder)) {
      // Somebody else's name may be in it by now.
      const removed = await rmdir(folder).then(
        () => true,
        () => false,
      )
      if (!removed) return
    }
  }
}

/** The link of a simulator that was killed leads nowhere and is taken over; anything else may be a real device. */
async function refuseForeign(path: string): Promise<void> {
  const there = await lstat(path).catch(() => undefined)
  if (there === undefined) return
  if (!there.isSymbolicLink())
    throw new Error(`${path} is there already and is no simulator's: choose another`)
  const alive = await stat(path).catch(() => undefined)
  if (alive === undefined) return
  throw new Error(`${path} leads to ${await readlink(path)}, which is in use: choose another or remove it`)
}
