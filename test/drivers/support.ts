import { createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import { Personal } from '../../drivers/personal.ts'
import type { PeripheralStatus } from '../../drivers/status.ts'

const LOOK_EVERY_MS = 5

/**
 * Waits until something is so; fails with what was waited for. Looks often, so that no test sleeps for nothing, and
 * counts its looks: what is waited for lives in this process and stands still with it.
 */
export async function until(what: string, isSo: () => boolean, withinMs = 4000): Promise<void> {
  for (let lookedMs = 0; !isSo(); lookedMs += LOOK_EVERY_MS) {
    if (lookedMs >= withinMs) throw new Error(`looked for ${withinMs} ms in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** Closes at the end of the test, in reverse order of opening. */
export function closing<T extends { close(): Promise<void> }>(opened: T): T {
  onTestFinished(() => opened.close())
  return opened
}

export function ready(peripheral: { status(): PeripheralStatus }): Promise<void> {
  return until('it is ready', () => peripheral.status().state === 'ready')
}

export function faulty(peripheral: { status(): PeripheralStatus }, reason: string): Promise<void> {
  const is = (): boolean => {
    const status = peripheral.status()
    return status.state === 'fault' && status.reason === reason
  }
  return until(`its fault is ${reason}`, is, 6000)
}

/** A bare TCP peer for what no simulator does: silence, noise, half frames. */
export async function startPeer(
  onData: (chunk: Buffer, socket: Socket) => void = () => {},
): Promise<{ port: string; sockets: Socket[]; close(): Promise<void> }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => onData(chunk, socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return closing({
    port: `tcp://127.0.0.1:${port}`,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  })
}

/** A port that nobody listens on. */
export async function deadPort(): Promise<string> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  await new Promise<void>((resolve) => server.close(() => resolve()))
  return `tcp://127.0.0.1:${port}`
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase()
}

/** Cuts bytes at the places given as fractions: any chunking must give the same. */
export function chunks(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].sort((a, b) => a - b)
  return places.slice(1).map((end, index) => bytes.slice(places[index], end))
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

export function reveal<T>(value: Personal<T> | T): T {
  return value instanceof Personal ? value.reveal() : value
}
