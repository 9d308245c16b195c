/** A terminal with a printer, its hall, and whoever asks how it is: over the wire, by the doctor, after its end. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import { readHealthNote } from '../../../device/health/note.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { fleetOf } from '../../../sync/hall/fleet.ts'
import type { Hall } from '../../../sync/hall/hall.ts'
import { startHall } from '../../../sync/hall/hall.ts'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { PlantedMachine } from '../../drivers/discovery/planted-machine.ts'
import { startTestDevice, temporaryFolder } from '../support/house.ts'
import { SILENT } from '../support/silent.ts'
import { visit } from '../technician/doctor/cabinet.ts'
import { BRIEF } from './brief.ts'

let parts: AsyncDisposableStack
let hallFolder: string
let hall: Hall
let dataDir: string

beforeEach(async () => {
  parts = new AsyncDisposableStack()
  hallFolder = await temporaryFolder(parts)
  dataDir = await temporaryFolder(parts)
  hall = await startHall({ dataDir: hallFolder, listen: '127.0.0.1:0', demo: true, logger: SILENT })
  const opened = hall
  parts.defer(() => opened.close())
})
afterEach(() => parts.disposeAsync())

/** What lies in the hall's store is asked less often: each look opens it. */
const LOOK_AT_HALL_MS = 250

/** The test's own time-out ends a wait in vain. */
const until = async (holds: () => boolean | Promise<boolean>, everyMs = 20): Promise<void> => {
  while (!(await holds())) await sleep(everyMs)
}

const startTerminal = async (peripherals: object): Promise<Device> => {
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir,
    peripherals,
    more: { healthLasting: BRIEF },
  })
  parts.defer(() => device.close())
  return device
}

const idsOf = (device: Device): string[] =>
  device.insight.health
    .faults()
    .map(({ id }) => id)
    // Of whatever disk this test runs on.
    .filter((id) => !id.startsWith('storage.'))

const told = async (): Promise<string[]> => {
  const store = openSqliteStore(`${hallFolder}/hall.sqlite`)
  const [device] = await fleetOf(store, new Date())
  await store.close()
  return (device?.status?.faults ?? []).map(({ id, stops }) => `${id}: ${stops.join(' ')}`)
}

const doctorSays = async () => {
  const { text } = await visit(new PlantedMachine(), ['--data', dataDir, '--json', '--lang', 'en'])
  const { findings, device } = JSON.parse(text)
  const ids: string[] = findings.map((one: { id: string; fault?: { id: string } }) => one.fault?.id ?? one.id)
  return { ids: ids.filter((id) => !id.startsWith('storage.')), state: device.state as string }
}

it('paper that is out is known on the screen’s side, at the hall, by the doctor, and gone when there is some', async () => {
  const printer = await startReceiptPrinterSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => printer.close())
  const device = await startTerminal({
    receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: printer.port },
  })
  await until(() => device.insight.contentVersion() !== null && idsOf(device).length === 0)

  printer.setPaper('out')
  await until(() => idsOf(device).includes('receiptPrinter.paper-out'))
  await until(async () => (await told()).includes('receiptPrinter.paper-out: receipts'), LOOK_AT_HALL_MS)
  expect(await doctorSays()).toEqual({ ids: ['receiptPrinter.paper-out'], state: 'running' })

  printer.setPaper('ok')
  await until(() => idsOf(device).length === 0)
  await until(async () => !(await told()).some((one) => one.startsWith('receiptPrinter')), LOOK_AT_HALL_MS)
  await device.close()
  expect(await doctorSays()).toEqual({ ids: ['device-stopped'], state: 'stopped' })
})

it('a hall that has stopped is a line that is down, and a cable that is pulled is told beside it', async () => {
  const printer = await startReceiptPrinterSimulator({ listen: 'tcp://127.0.0.1:0' })
  parts.defer(() => printer.close())
  const device = await startTerminal({
    receiptPrinter: { driver: 'escpos', profile: 'generic-80', port: printer.port },
  })
  await until(() => device.insight.contentVersion() !== null && idsOf(device).length === 0)
  await hall.close()
  await printer.unplug()
  await until(() => idsOf(device).length === 2)
  const [first, second] = [...idsOf(device)].sort()
  expect(first).toBe('line.down')
  expect(second).toMatch(/^receiptPrinter\.(line-lost|cannot-open|no-answer)$/)
  const [line] = device.insight.health.faults().filter(({ id }) => id === 'line.down')
  expect(line?.stops).toEqual(['ticket', 'upload', 'updates'])

  // Since when it is wrong outlives the program.
  await device.close()
  const before = readHealthNote(dataDir)
  expect(before).toMatchObject({ found: 'note', note: { pid: null } })
  const again = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.url,
    dataDir,
    more: { healthLasting: BRIEF },
  })
  parts.defer(() => again.close())
  await until(() => idsOf(again).includes('line.down'))
  expect(again.insight.health.faults().find(({ id }) => id === 'line.down')?.since).toBe(line?.since)
})
