/** Message brokers that promise delivery at least once, each with the client and the settings its users have. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startChild } from '../delivery/processes.ts'

export interface PeerKind {
  id: string
  name: string
  /** Ours, per event, is to be so many times as fast. */
  oursAtLeast: number
}

export const peerKinds: readonly PeerKind[] = [
  { id: 'jetstream', name: 'NATS JetStream', oursAtLeast: 2 },
  { id: 'mqtt-level', name: 'MQTT.js level store', oursAtLeast: 5 },
  { id: 'mqtt-memory', name: 'MQTT.js memory store', oursAtLeast: 1.2 },
]

/** How many publishes wait for their acknowledgement at once: one, a few, as many as a busy publisher's. */
export const UNDER_WAY = [1, 8, 256] as const
/**
 * The row that the bounds are for: each event acknowledged before the next is given. So a queue has to be used by whoever
 * must know, before somebody is thanked, that this one is kept. More under way is printed beside it.
 */
export const JUDGED_UNDER_WAY = 1

/** A hundred thousand events, one at a time, take the slowest of them a minute. */
const PATIENCE_MS = 5 * 60_000

const here = fileURLToPath(new URL('.', import.meta.url))

/** From the lock file, in this folder: nothing of it is the product's. */
export function installPeers(): void {
  if (existsSync(`${here}/node_modules/mqtt`)) return
  process.stdout.write('installing the peers’ clients in test/bench/peers (npm ci)\n')
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
}

/**
 * Events a second from the publisher's first to the consumer's last.
 * @param underWay so many publishes at once, each waiting for its own acknowledgement
 */
export async function runPeer(
  { id }: PeerKind,
  folder: string,
  events: number,
  underWay: number,
): Promise<number> {
  const script = new URL(id === 'jetstream' ? './jetstream.js' : './mqtt.js', import.meta.url)
  const child = startChild(script, [id, folder, String(events), String(underWay)])
  const tooLate = setTimeout(() => void child.stop(), PATIENCE_MS)
  const { delivered, ms } = await child.told<{ delivered: number; ms: number }>('delivered', 'ms')
  clearTimeout(tooLate)
  await child.stop()
  return (delivered / ms) * 1000
}
