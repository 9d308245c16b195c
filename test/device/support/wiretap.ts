/** Somebody who listens on a wire: passes every byte on, and keeps it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What one end said until the other spoke again. */
export interface Exchange {
  /** Of whoever connected. */
  up: Buffer
  down: Buffer
}

export interface Wiretap {
  port: number
  /**
   * What was exchanged since the last time this was asked, in the order it began: of two requests, one after the other,
   * either may be on another connection.
   */
  heard(): Exchange[]
  close(): Promise<void>
}

interface Turn {
  up: Buffer[]
  down: Buffer[]
}

export async function startWiretap(targetPort: number): Promise<Wiretap> {
  const sockets = new Set<Socket>()
  const turns: Turn[] = []
  /** The latest of each connection. */
  const latest = new Map<Socket, Turn>()
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    const begun = (): Turn => {
      const turn: Turn = { up: [], down: [] }
      turns.push(turn)
      latest.set(near, turn)
      return turn
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        latest.delete(near)
        near.destroy()
        far.destroy()
      })
    }
    near.on('data', (chunk: Buffer) => {
      const turn = latest.get(near)
      const answered = turn === undefined || turn.down.length > 0
      ;(answered ? begun() : turn).up.push(chunk)
      far.write(chunk)
    })
    far.on('data', (chunk: Buffer) => {
      ;(latest.get(near) ?? begun()).down.push(chunk)
      near.write(chunk)
    })
    near.on('end', () => far.end())
    far.on('end', () => near.end())
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return {
    port: (server.address() as AddressInfo).port,
    heard() {
      latest.clear()
      return turns.splice(0).map(({ up, down }) => ({ up: Buffer.concat(up), down: Buffer.concat(down) }))
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}
