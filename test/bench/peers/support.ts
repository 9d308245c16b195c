/** What both brokers' runs share. */
import { type ChildProcess, spawn } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { demoChain } from '../delivery/ratings.ts'

const LOOK_EVERY_MS = 20

/** The same rows as everywhere in the bench, as one message each. */
export function messages(count: number): Buffer[] {
  return [...demoChain('P-BENCH-1', count)].map(({ text }) => Buffer.from(text))
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  await new Promise<void>((resolve) => server.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** Started, and taking connections; ends with this process. */
export async function startBroker(command: string, args: string[], port: number): Promise<ChildProcess> {
  const broker = spawn(command, args, { stdio: 'ignore' })
  const failed = new Promise<never>((_, reject) => {
    broker.once('error', reject)
    broker.once('exit', (code) => reject(new Error(`${command} ended (${code})`)))
  })
  // Without its broker a run would wait for ever.
  failed.catch(() => process.exit(1))
  process.on('exit', () => broker.kill('SIGKILL'))
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.on(signal, () => process.exit(0))
  while (!(await Promise.race([answers(port), failed])))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  return broker
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

/** Runs `publish` for each message with so many under way at once, as a busy publisher does. */
export async function pipelined(
  messages: readonly Buffer[],
  atOnce: number,
  publish: (message: Buffer) => Promise<unknown>,
): Promise<void> {
  const next = messages.values()
  const worker = async (): Promise<void> => {
    for (const message of next) await publish(message)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}
