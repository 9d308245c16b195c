/**
 * How soon a technician has the readiness report in hand once the last test is over: from the answer to that test to
 * the whole PDF fetched by the page, on a terminal of a hall with four peripherals, the first report of a device (fonts
 * are opened) and later ones. Beside it a look around on the same machine. Exit 1 when a report takes more than 2 s, or
 * a look more than 3 s.
 *
 *   node scripts/run.js test/bench/report-time.ts
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startPeripheralsBench } from '../browser/bench/peripherals.ts'
import { deviceJson, startTestHall, temporaryFolder } from '../device/support/house.ts'
import { comeIn, runDevice } from '../device/technician/support/running.ts'
import { table } from './support.ts'

const REPORT_MS_AT_MOST = 2000
const LOOK_MS_AT_MOST = 3000
const REPORTS = 5

await using parts = new AsyncDisposableStack()
const hall = await startTestHall(parts)
const { configuration: peripherals } = await startPeripheralsBench(
  { reader: true, scanner: true, receiptPrinter: true, pagePrinter: true },
  parts,
)
const folder = await temporaryFolder(parts)
const json = deviceJson({
  role: 'terminal',
  hallUrl: hall.url,
  enrolmentCode: hall.createEnrolmentCode(),
  peripherals,
})
await writeFile(join(folder, 'device.json'), JSON.stringify(json))
const running = await runDevice(parts, { folder })
await comeIn(running)
await running.until(
  ({ rooms }) =>
    rooms?.device?.hall.deviceId != null &&
    rooms.peripherals?.bound.some(
      ({ name, status }) => name === 'pagePrinter' && status?.state === 'ready',
    ) === true,
)
const looked = await running
  .done({ room: 'peripherals', action: { type: 'look' } })
  .then(() => running.until(({ rooms }) => rooms?.peripherals?.found?.state === 'done'))
const lookMs = looked.rooms?.peripherals?.found?.tookMs ?? Number.POSITIVE_INFINITY

const rows: Record<string, string | number>[] = []
let slowest = 0
for (let number = 1; number <= REPORTS; number += 1) {
  await running.done({ room: 'peripherals', action: { type: 'test', name: 'pagePrinter' } })
  await running.until(({ rooms }) => rooms?.peripherals?.test?.asks === true)
  const startedMs = performance.now()
  await running.done({ room: 'peripherals', action: { type: 'answer', right: true } })
  await running.until(({ rooms }) => rooms?.peripherals?.test?.state === 'passed')
  const { rooms } = await running.done({ room: 'report', action: { type: 'make' } })
  const made = rooms?.report?.made
  const pdf = await fetch(`${running.origin}/api/setup/files/${made?.file}`).then((one) => one.arrayBuffer())
  const tookMs = performance.now() - startedMs
  slowest = Math.max(slowest, tookMs)
  rows.push({
    what: `report ${number}`,
    'KiB or things': (pdf.byteLength / 1024).toFixed(0),
    ms: Math.round(tookMs),
    'of its bound': (tookMs / REPORT_MS_AT_MOST).toFixed(2),
  })
  await running.done({ room: 'peripherals', action: { type: 'stop-test' } })
}
rows.push({
  what: 'look around',
  'KiB or things': looked.rooms?.peripherals?.found?.things.length ?? 0,
  ms: lookMs,
  'of its bound': (lookMs / LOOK_MS_AT_MOST).toFixed(2),
})
table(rows)
process.exitCode = slowest > REPORT_MS_AT_MOST || lookMs > LOOK_MS_AT_MOST ? 1 : 0
