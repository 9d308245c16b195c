/** In a network of its own: opens a port to a host that swallows everything, and loses the line to one that was there. */
import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { openPort } from '../../../drivers/transport/open-port.ts'

const ip = (...args: string[]): Buffer => execFileSync('ip', args)

ip('link', 'set', 'lo', 'up')
// A cable to a machine that is known by name and takes everything without a word.
ip('link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far')
ip('address', 'add', '10.9.9.1/24', 'dev', 'near')
ip('link', 'set', 'near', 'up')
ip('link', 'set', 'far', 'up')
ip('neighbour', 'add', '10.9.9.9', 'lladdr', '02:00:00:00:00:09', 'dev', 'near')

async function deadHost(): Promise<void> {
  const started = performance.now()
  const opened = await openPort('tcp://10.9.9.9:9100')
  const tookMs = performance.now() - started
  process.stdout.write(`${JSON.stringify({ deadHost: opened, tookMs })}\n`)
}

async function lostLine(): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  const opened = await openPort(`tcp://127.0.0.1:${address.port}`)
  if (!opened.ok) throw new Error(opened.detail)
  ip('link', 'set', 'lo', 'down')
  const lostAt = performance.now()
  const { cause } = await opened.link.closed
  process.stdout.write(`${JSON.stringify({ lostLine: cause, tookMs: performance.now() - lostAt })}\n`)
}

await deadHost()
await lostLine()
process.exit()
