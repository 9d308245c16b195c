import { createServer, type Server, type Socket } from 'node:net'
import { parsePort } from '../transport/port.ts'

/** What a simulated device does with its wire. */
export interface WireEnd {
  /** A driver has connected; bytes can be sent until the socket closes. */
  attached(socket: Socket): void
  data(chunk: Buffer): void
  detached(): void
}

/**
 * The socket of a simulated device: one client at a time, as a serial cable has one end. Unplugging cuts the
 * client off and refuses others until it is plugged in again, on the same port number.
 */
export class Wire {
  #server: Server | undefined
  #client: Socket | undefined
  #host: string
  #portNumber: number
  #end: WireEnd

  private constructor(host: string, portNumber: number, end: WireEnd) {
    this.#host = host
    this.#portNumber = portNumber
    this.#end = end
  }

  static async listen(listen: string, end: WireEnd): Promise<Wire> {
    const parsed = parsePort(listen)
    if (!parsed.ok) throw new Error(parsed.fault)
    if (parsed.port.kind !== 'tcp') throw new Error(`port ${listen}: a simulator listens on tcp://HOST:PORT`)
    const wire = new Wire(parsed.port.host, parsed.port.port, end)
    await wire.plug()
    return wire
  }

  /** As drivers are to be given it. */
  get port(): string {
    return `tcp://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#portNumber}`
  }

  get client(): Socket | undefined {
    return this.#client
  }

  /** False when nobody is connected: a device that sends into a loose cable is not told either. */
  send(bytes: Uint8Array): boolean {
    return this.#client?.write(Buffer.from(bytes)) ?? false
  }

  async plug(): Promise<void> {
    if (this.#server !== undefined) return
    const server = createServer({ noDelay: true }, (socket) => this.#take(socket))
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#portNumber, this.#host, resolve)
    })
    const address = server.address()
    if (address !== null && typeof address === 'object') this.#portNumber = address.port
    this.#server = server
  }

  async unplug(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.#client?.resetAndDestroy()
    await closed
  }

  #take(socket: Socket): void {
    // A reset by the driver is its way of closing.
    socket.on('error', () => {})
    if (this.#client !== undefined) {
      socket.destroy()
      return
    }
    this.#client = socket
    socket.on('data', (chunk: Buffer) => this.#end.data(chunk))
    socket.on('close', () => {
      this.#client = undefined
      this.#end.detached()
    })
    this.#end.attached(socket)
  }
}
