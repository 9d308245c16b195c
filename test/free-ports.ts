import { createServer } from 'node:net'

/** The demo takes five ports in a row. */
const SPAN_OF_PORTS = 5

/** The first of them, all free a moment ago. */
export async function freeBasePort(): Promise<number> {
  for (;;) {
    const base = 20_000 + Math.floor(Math.random() * 12_000)
    const free = await Promise.all(Array.from({ length: SPAN_OF_PORTS }, (_, i) => isFree(base + i)))
    if (free.every(Boolean)) return base
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
