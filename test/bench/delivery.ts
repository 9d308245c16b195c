/**
 * How fast a backlog gets from a device's outbox into the hall's store, over loopback, every check on; beside it what
 * the store alone takes, and message brokers with the same rows in the same run, each event acknowledged. Only the
 * ratios say anything elsewhere. Exit 1 when a bound is broken.
 *
 *   node scripts/run.js test/bench/delivery.ts [--events 100000] [--no-peers]
 *
 * The brokers' clients lie in test/bench/peers and are installed there when missing; mosquitto and nats-server are
 * those of the machine.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startChild, startHallProcess } from './delivery/processes.ts'
import { installPeers, JUDGED_UNDER_WAY, peerKinds, runPeer, UNDER_WAY } from './peers/peers.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    'no-peers': { type: 'boolean', default: false },
  },
})
const events = Number(values.events)
const folder = mkdtempSync(join(tmpdir(), 'w24-delivery-'))
const room = (name: string): string => {
  const path = join(folder, name)
  mkdirSync(path)
  return path
}

interface Delivered {
  delivered: number
  ms: number
}

interface Row {
  name: string
  rate: number
  /** Null: printed for comparing, not judged. */
  atLeast: number | null
}

async function storeAlone(name: string): Promise<number> {
  const script = new URL('./delivery/store-alone.ts', import.meta.url)
  const child = startChild(script, [room(name), String(events)])
  await child.told<{ waiting: number }>('waiting')
  child.tell({ go: true })
  const { delivered, ms } = await child.told<Delivered>('delivered', 'ms')
  return (delivered / ms) * 1000
}

async function delivery(): Promise<number> {
  const hall = await startHallProcess(room('hall'))
  try {
    const code = await hall.enrolmentCode()
    const script = new URL('./delivery/device.ts', import.meta.url)
    const device = startChild(script, [room('device'), hall.url, code, String(events)])
    await device.told<{ waiting: number }>('waiting')
    device.tell({ go: true })
    const { delivered, ms } = await device.told<Delivered>('delivered', 'ms')
    const stored = await hall.events()
    if (stored !== delivered) throw new Error(`${stored} of ${delivered} events are stored`)
    return (delivered / ms) * 1000
  } finally {
    await hall.stop()
  }
}

try {
  // The store before and after: on a machine that others use as well, neither gets the quieter minute.
  const before = await storeAlone('store-1')
  const ours = await delivery()
  const store = (before + (await storeAlone('store-2'))) / 2
  const rows: Row[] = [{ name: 'the hall’s store alone', rate: store, atLeast: 0.25 }]
  if (!values['no-peers']) {
    installPeers()
    for (const kind of peerKinds)
      for (const underWay of UNDER_WAY) {
        const rate = await runPeer(kind, room(`${kind.id}-${underWay}`), events, underWay)
        const name = `${kind.name}, ${underWay === 1 ? 'one at a time' : `${underWay} under way`}`
        rows.push({ name, rate, atLeast: underWay === JUDGED_UNDER_WAY ? kind.oursAtLeast : null })
      }
  }
  const line = (...cells: string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(40) : cell.padStart(12))).join('')
  process.stdout.write(`${events} demo ratings, each acknowledged; full batches, zstd\n`)
  process.stdout.write(`${line('', 'events/s', 'ours / it', 'bound', '')}\n`)
  process.stdout.write(`${line('outbox → hall, durably stored', ours.toFixed(0), '1.00', '')}\n`)
  let broken = false
  for (const { name, rate, atLeast } of rows) {
    const ratio = ours / rate
    const verdict = atLeast === null ? 'not judged' : ratio < atLeast ? 'BROKEN' : 'holds'
    broken ||= verdict === 'BROKEN'
    const bound = atLeast === null ? '' : `≥ ${atLeast}`
    process.stdout.write(`${line(name, rate.toFixed(0), ratio.toFixed(2), bound, verdict)}\n`)
  }
  process.exitCode = broken ? 1 : 0
} finally {
  rmSync(folder, { recursive: true, force: true })
}
