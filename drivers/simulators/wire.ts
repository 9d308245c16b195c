import type { Socket } from 'node:net'
import { parsePort } from '../transport/port.ts'
import type { Misuse } from './misuse.ts'
import type { Outlet } from './outlet.ts'
import { PtyOutlet } from './pty-outlet.ts'
import { TcpOutlet } from './tcp-outlet.ts'
import { FaultyLine, type WireFaults } from './wire-faults.ts'

/** What a simulated device does with its wire. */
export interface WireEnd {
  /** A driver is there; bytes can be sent until it has gone. */
  attached(): void
  data(chunk: Uint8Array): void
  detached(): void
}

export interface WireOptions {
  /** Told to drivers as the speed of a pty; default 115200. A pty is as fast as it can: see the `slow` fault. */
  baud?: number
  /** What the device records: nothing while a fault is at what the driver sends. */
  misuse?: Misuse
}

const DEFAULT_BAUD = 115_200

/**
 * The wire of a simulated device: one client at a time, as a serial cable has one end. Unplugging cuts the client
 * off and refuses others until it is plugged in again under the same name.
 */
export class Wire {
  #outlet: Outlet
  #end: WireEnd
  #line: FaultyLine
  #plugged = false
  #turn: Promise<void> = Promise.resolve()
  #client: Socket | undefined
  /** The device takes nothing in. */
  #held = false
  /** The line itself is full. */
  #crowded = false
  /** What came out of the line while the device took nothing in. */
  #waiting: Uint8Array[] = []

  private constructor(outlet: Outlet, end: WireEnd) {
    this.#outlet = outlet
    this.#end = end
    this.#line = new FaultyLine({
      toDriver: (bytes) => this.#client?.write(bytes),
      toDevice: (bytes) => {
        // A crackle on a loose cable is heard by nobody.
        if (this.#client !== undefined) this.#hand(bytes)
      },
      crowded: (on) => {
        this.#crowded = on
        this.#flow()
      },
    })
  }

  /** `tcp://HOST:PORT` (port 0 takes a free one), or `pty:/PATH`, the stable name that a pty is to have. */
  static async listen(listen: string, end: WireEnd, options: WireOptions = {}): Promise<Wire> {
    const wire = new Wire(outletOf(listen, options.baud ?? DEFAULT_BAUD), end)
    options.misuse?.excuse(() => wire.#line.spoilsCommands)
    await wire.plug()
    return wire
  }

  /** As drivers are to be given it. */
  get port(): string {
    return this.#outlet.port
  }

  get faults(): WireFaults {
    return this.#line
  }

  /** False when nobody is connected: a device that sends into a loose cable is not told either. */
  send(bytes: Uint8Array): boolean {
    if (this.#client === undefined) return false
    this.#line.fromDevice(bytes)
    return true
  }

  /** Takes no more bytes in, or again: the driver's writes are held up once the buffers on the way are full. */
  hold(on: boolean): void {
    this.#held = on
    if (!on) for (const bytes of this.#waiting.splice(0)) this.#hand(bytes)
    this.#flow()
  }

  plug(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#plugged) return
      await this.#outlet.plug((socket) => this.#take(socket))
      this.#plugged = true
    })
  }

  unplug(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#plugged) return
      this.#plugged = false
      await this.#outlet.unplug()
      // A socket's own end may be told only later, and the next driver would be taken for a second one.
      this.#leave(this.#client)
    })
  }

  /** A plug that is pulled and pushed in quickly is pulled first. */
  #inTurn(step: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(step)
    this.#turn = done.catch(() => {})
    return done
  }

  #take(socket: Socket): void {
    // A reset by the driver is its way of closing.
    socket.on('error', () => {})
    const before = this.#client
    if (before !== undefined && !before.isPaused()) {
      socket.destroy()
      return
    }
    // The end of a line that is not read is not seen: whoever comes now is the driver that has given it up.
    before?.destroy()
    this.#leave(before)
    this.#client = socket
    socket.on('data', (chunk: Buffer) => this.#line.fromDriver(chunk))
    // Its end is enough: the next driver may be there before the socket is closed.
    socket.on('end', () => this.#leave(socket))
    socket.on('close', () => this.#leave(socket))
    this.#flow()
    this.#end.attached()
  }

  #leave(socket: Socket | undefined): void {
    if (socket === undefined || this.#client !== socket) return
    this.#client = undefined
    this.#waiting = []
    this.#line.forget()
    this.#end.detached()
  }

  #hand(bytes: Uint8Array): void {
    if (this.#held) this.#waiting.push(bytes)
    else this.#end.data(bytes)
  }

  #flow(): void {
    if (this.#held || this.#crowded) this.#client?.pause()
    else this.#client?.resume()
  }
}

function outletOf(listen: string, baud: number): Outlet {
  if (listen.startsWith('pty:')) {
    // Whatever can be a serial port's name can be the name of one that is simulated.
    const serial = parsePort(`serial:${listen.slice('pty:'.length)}?baud=${baud}`)
    if (!serial.ok) throw new Error(serial.fault)
    if (serial.port.kind === 'serial') return new PtyOutlet(serial.port.path, serial.port.baud)
  }
  const parsed = parsePort(listen)
  if (!parsed.ok) throw new Error(parsed.fault)
  if (parsed.port.kind === 'tcp') return new TcpOutlet(parsed.port.host, parsed.port.port)
  throw new Error(`port ${listen}: a simulator listens on tcp://HOST:PORT or pty:/PATH`)
}
