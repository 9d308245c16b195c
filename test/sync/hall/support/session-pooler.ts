/**
 * A pooler in its barest form, as pgbouncer's pool_mode = transaction is: one session at the server, handed to whichever
 * connection has something to ask, until the server is ready for the next (PostgreSQL manual, 55.2 and 55.7).
 */
import { connect, createServer, type Socket } from 'node:net'

const AUTHENTICATION_OK = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])
const READY_FOR_QUERY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])
const [READY, IDLE, TERMINATE] = [0x5a, 0x49, 0x58]
const HEADER_BYTES = 5

export interface SessionPooler {
  /** The same database, through this pooler. */
  url: string
  close(): void
}

export async function startSessionPooler(databaseUrl: string): Promise<SessionPooler> {
  const at = new URL(databaseUrl)
  const server = connect(Number(at.port), at.hostname)
  const clients = new Set<Socket>()
  const asking: { client: Socket; bytes: Buffer }[] = []
  let current: Socket | null = null
  let isLoggedIn = false

  function serve(): void {
    if (current === null) current = asking[0]?.client ?? null
    for (let next = asking[0]; next !== undefined && next.client === current; next = asking[0]) {
      server.write(next.bytes)
      asking.shift()
    }
  }

  let answers = Buffer.alloc(0)
  server.on('data', (chunk) => {
    answers = Buffer.concat([answers, chunk])
    while (answers.length >= HEADER_BYTES) {
      const end = 1 + answers.readInt32BE(1)
      if (answers.length < end) break
      const answer = answers.subarray(0, end)
      answers = answers.subarray(end)
      current?.write(answer)
      if (answer[0] !== READY || answer[HEADER_BYTES] !== IDLE) continue
      current = null
      serve()
    }
  })

  const listener = createServer((client) => {
    clients.add(client)
    client.on('error', () => {})
    let isKnown = false
    client.on('data', (bytes) => {
      if (bytes[0] === TERMINATE) return
      // The session is logged in for all of them; whoever comes later is only told so.
      if (!isKnown && isLoggedIn) client.write(Buffer.concat([AUTHENTICATION_OK, READY_FOR_QUERY]))
      else asking.push({ client, bytes })
      isKnown = isLoggedIn = true
      serve()
    })
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  at.port = String(address.port)
  return {
    url: at.href,
    close() {
      for (const socket of [server, ...clients]) socket.destroy()
      listener.close()
    },
  }
}
