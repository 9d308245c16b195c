import { createServer, type Server, type Socket } from 'node:net'
import type { Outlet } from './outlet.ts'

/** A serial device server: the same address and port number each time it is plugged in. */
export class TcpOutlet implements Outlet {
  #host: string
  #portNumber: number
  #server: Server | undefined
  #sockets = new Set<Socket>()

  /** Port number 0 takes a free one at the first plugging and keeps it. */
  constructor(host: string, portNumber: number) {
    this.#host = host
    this.#portNumber = portNumber
  }

  get port(): string {
    return `tcp://${this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#portNumber}`
  }

  async plug(taken: (socket: Socket) => void): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      taken(socket)
    })
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
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }
}
