/** A cable between two TCP ends that a test can cut and mend. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface TcpProxy {
  port: number
  /** Everything under way breaks, and new connections are refused until it is mended. */
  cut(): void
  mend(): void
  /** The cable stays, and what the target says no longer arrives. */
  silence(): void
  close(): Promise<void>
}

export const startTcpProxy = async (targetPort: number): Promise<TcpProxy> => {
  const sockets = new Set<Socket>()
  let whole = true
  let silent = false
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = connect(targetPort, '127.0.0.1')
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far)
    far.on('data', (chunk) => {
      if (!silent) near.write(chunk)
    })
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      whole = false
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      whole = true
      silent = false
    },
    silence() {
      silent = true
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      const closed = Promise.withResolvers<void>()
      // Closed before: then there is nothing to wait for.
      server.close(() => closed.resolve())
      await closed.promise
    },
  }
}
