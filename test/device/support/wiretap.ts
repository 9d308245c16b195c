/** Somebody who listens on a wire: passes every byte on, and keeps it. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** What one end said until the other spoke again. */
export interface Exchange {
  /** Of whoever connected; nothing where the other end went on after what was heard before. */
  up: Buffer
  down: Buffer
  /** What whoever connected had said last on this connection, be it before. */
  asked: Buffer
}

export interface Wiretap {
  port: number
  /**
   * What was exchanged since the last time this was asked, in the order it began: of two requests, one after the other,
   * either may be on another connection.
   */
  heard(): Exchange[]
  /** Nobody who spoke still waits for the other end to say something. */
  isAnswered(): boolean
  close(): Promise<void>
}

interface Turn {
  up: Buffer[]
  down: Buffer[]
  asked: Buffer[]
}

export async function startWiretap(targetPort: number): Promise<Wiretap> {
  const sockets = new Set<Socket>()
  const turns: Turn[] = []
  /** The latest of each connection. */
  const latest = new Map<Socket, Turn>()
  const server = createServer((near) => {
    const far = connect(targetPort, '127.0.0.1')
    let asked: Buffer[] = []
    const begun = (up: Buffer[]): Turn => {
      const turn: Turn = { up, down: [], asked }
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
      if (turn === undefined || turn.down.length > 0) {
        asked = []
        begun(asked)
      }
      asked.push(chunk)
      far.write(chunk)
    })
    far.on('data', (chunk: Buffer) => {
      ;(latest.get(near) ?? begun([])).down.push(chunk)
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
      return turns.splice(0).map(({ up, down, asked }) => ({
        up: Buffer.concat(up),
        down: Buffer.concat(down),
        asked: Buffer.concat(asked),
      }))
    },
    isAnswered: () => [...latest.values()].every(({ down }) => down.length > 0),
    async close() {
      for (const socket of sockets) socket.destroy()
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}
