import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** The wire between the devices and the hall server, as a thing that can be cut and mended. */
export interface Line {
  /** What devices use instead of the hall server's own address. */
  readonly url: string
  state(): 'up' | 'cut'
  set(state: 'up' | 'cut'): void
  close(): Promise<void>
}

/** `hallUrl` null: there is no hall server to reach, the line stays cut. */
export async function startLine(hallUrl: string | null): Promise<Line> {
  const hall = hallUrl === null ? null : new URL(hallUrl)
  const sockets = new Set<Socket>()
  let state: 'up' | 'cut' = hall ? 'up' : 'cut'

  const server: Server = createServer((near) => {
    if (state === 'cut' || hall === null) {
      near.destroy()
      return
    }
    const far = connect(Number(hall.port), hall.hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      // Either end may vanish at any moment: that is what the line is for.
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo

  const drop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${port}`,
    state: () => state,
    set(next) {
      state = hall ? next : 'cut'
      if (state === 'cut') drop()
    },
    close() {
      drop()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
