/**
 * How long a technician waits for one look around: on this machine as it is, on a cabinet full of planted ports, and on
 * one where a name server, a printer and a network folder are silent. Exit 1 when a look takes more than 3 s.
 *
 *   node scripts/run.js test/bench/discovery-time.ts
 */
import { createServer } from 'node:net'
import { IPPFIND } from '../../device/technician/peripherals/browse.ts'
import { lookAround } from '../../device/technician/peripherals/look.ts'
import { THIS_MACHINE } from '../../drivers/discovery/machine.ts'
import { table } from './support.ts'

const LOOK_MS_AT_MOST = 3000
const ROUNDS = 3

/** Accepts and never says a word, as a printer whose processor hangs. */
const silent = createServer(() => {})
await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
const address = silent.address()
const port = address !== null && typeof address === 'object' ? address.port : 0

const CABINETS = {
  'as it is': [],
  'a printer that is silent': [
    { name: 'pagePrinter', port: `ipp://127.0.0.1:${port}/ipp/print` },
    { name: 'scanner', port: 'tcp://192.0.2.1:4001' },
    { name: 'idReader', port: 'tcp://reader.invalid:4002' },
  ],
} as const

const rows: Record<string, string | number>[] = []
let slowest = 0
for (const [name, bound] of Object.entries(CABINETS)) {
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedMs = performance.now()
    const { things } = await lookAround({
      machine: THIS_MACHINE,
      ippfind: IPPFIND,
      bound,
      role: 'terminal',
      configPath: '/etc/window24/device.json',
    })
    const tookMs = performance.now() - startedMs
    slowest = Math.max(slowest, tookMs)
    const share = (tookMs / LOOK_MS_AT_MOST).toFixed(2)
    rows.push({ cabinet: name, things: things.length, ms: Math.round(tookMs), 'of 3 s': share })
  }
}
silent.close()
table(rows)
process.exit(slowest > LOOK_MS_AT_MOST ? 1 : 0)
