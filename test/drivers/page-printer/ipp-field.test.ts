import { expect, test } from 'vitest'
import { ippRequest } from '../../../drivers/page-printer/client.ts'
import { ownUserName } from '../../../drivers/page-printer/identity.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import type { IppPrinterSimulator } from '../../../drivers/simulators/ipp-printer.ts'
import { faulty, ready, until } from '../support.ts'
import { nothingWaits, pdfWithQr, simulator, supervised } from './support.ts'

/** Printers that are slower, barer or ruder than a model one. */

const pdf = await pdfWithQr('330099-A4')
const MEGABYTES = 1_000_000
/** Longer than any buffer between two programs of one machine. */
const long = Uint8Array.from(Buffer.concat([pdf, Buffer.alloc(16 * MEGABYTES, 0x41)]))
const SLOW = { millisecondsPerSide: 400 }

async function leave(wire: IppPrinterSimulator, user: string, jobName: string): Promise<void> {
  const read = readTarget(wire.port)
  if (!read.ok) throw new Error(read.detail)
  const request = { operation: 'Print-Job', jobName } as const
  const sent = await ippRequest(read.target, request, { user, deadlineMs: 5000, document: pdf })
  expect(sent.kind).toBe('done')
}

test('a printer that answers before it has the document gets all of it', async () => {
  const wire = await simulator({ bytesPerSecond: 40 * MEGABYTES })
  const printer = supervised(wire.port)
  await ready(printer)
  wire.faults.add({ kind: 'early', operation: 'Print-Job' })
  expect(await printer.print(long)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(wire.pages()[0]?.length).toBe(long.length)
})

test('a printer that answers early and takes no more is not believed', async () => {
  const wire = await simulator({ bytesPerSecond: 1000 })
  const printer = supervised(wire.port, { sendIdleMs: 300 })
  await ready(printer)
  wire.faults.add({ kind: 'early', operation: 'Print-Job' })
  expect(await printer.print(long)).toMatchObject({ outcome: 'unknown' })
  expect(wire.pages()).toEqual([])
})

test('silence beside a document that is being taken is none: one line at a time', async () => {
  const wire = await simulator({ bytesPerSecond: 8 * MEGABYTES, oneAtATime: true })
  const printer = supervised(wire.port, { answerDeadlineMs: 100, silenceMs: 300, sendIdleMs: 1000 })
  await ready(printer)
  expect(await printer.print(long)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(wire.pages()[0]?.length).toBe(long.length)
  await ready(printer)
})

test('a document that nobody takes is given up', async () => {
  const wire = await simulator({ bytesPerSecond: 1000 })
  const printer = supervised(wire.port, { sendIdleMs: 300 })
  await ready(printer)
  const begin = performance.now()
  expect(await printer.print(long)).toMatchObject({ outcome: 'unknown', reason: 'no-answer' })
  expect(performance.now() - begin).toBeLessThan(3000)
})

test.each(['anonymous', 'untold'] as const)(
  'a held job is taken back where its owner is %s, from an earlier life too; a neighbour’s is not',
  async (owners) => {
    const wire = await simulator()
    wire.setOwners(owners)
    wire.setManner('holds')
    await leave(wire, ownUserName(), `${ownUserName()}-00000000`)
    await leave(wire, 'window24-0badcafe', 'window24-0badcafe-00000000')
    const printer = supervised(wire.port)
    await ready(printer)
    expect(wire.jobs().map((job) => job.state)).toEqual(['canceled', 'pending'])
    wire.faults.add({ kind: 'die', operation: 'Print-Job' })
    expect(await printer.print(pdf)).toMatchObject({ outcome: 'unknown' })
    await until('it is taken back', () => wire.jobs()[2]?.state === 'canceled')
  },
)

test('sheets that came out before a job stopped are not said to be none', async () => {
  const wire = await simulator(SLOW)
  const printer = supervised(wire.port)
  await ready(printer)
  const outcome = printer.print(await pdfWithQr('long', 3))
  await until('a sheet is out', () => wire.jobs()[0]?.sidesPrinted === 1)
  wire.setPaper('out')
  expect(await outcome).toEqual({ outcome: 'unknown', reason: 'paper-out' })
  expect(wire.jobs()[0]?.state).toBe('canceled')
})

test('a printer that does not count may have put sheets out before it stopped', async () => {
  const wire = await simulator(SLOW)
  wire.setManner('countless')
  const printer = supervised(wire.port)
  await ready(printer)
  const outcome = printer.print(await pdfWithQr('long', 3))
  await until('it is followed', () => wire.asked('Get-Job-Attributes') > 0)
  wire.setPaper('out')
  expect(await outcome).toEqual({ outcome: 'unknown', reason: 'paper-out' })
})

test.each([0x0500, 0x0508])(
  'a refusal that comes after the document (%i) leaves it unknown, and it is taken back',
  async (status) => {
    const wire = await simulator({ millisecondsPerSide: 60_000 })
    const printer = supervised(wire.port)
    await ready(printer)
    wire.faults.add({ kind: 'refuse-late', status, operation: 'Print-Job' })
    expect(await printer.print(pdf)).toMatchObject({ outcome: 'unknown' })
    await until('it is taken back', () => wire.jobs()[0]?.state === 'canceled')
  },
)

test.each([
  [202, 'unknown'],
  [307, 'failed'],
  [413, 'failed'],
  [503, 'unknown'],
] as const)('HTTP %i on a document leaves it %s', async (status, outcome) => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  wire.faults.add({ kind: 'http', status, operation: 'Print-Job' })
  expect(await printer.print(pdf)).toMatchObject({ outcome })
})

test('nothing is sent after what an earlier life left, at first sight too', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const name = `${ownUserName()}-00000000`
  await leave(wire, ownUserName(), name)
  const printer = supervised(wire.port, { heartbeatMs: 60_000, jobDeadlineMs: 500 })
  await new Promise((resolve) => setTimeout(resolve, 0))
  void printer.print(pdf)
  await until('it is sent', () => wire.jobs().length === 2)
  expect(wire.jobs()[0]?.state).toBe('canceled')
})

test('a document whose wish is withdrawn while it waits is settled at once', async () => {
  const wire = await simulator({ millisecondsPerSide: 60_000 })
  const printer = supervised(wire.port)
  await ready(printer)
  void printer.print(pdf)
  await until('the first is sent', () => wire.jobs().length === 1)
  const wish = new AbortController()
  const second = printer.print(pdf, { signal: wish.signal })
  const third = printer.print(pdf, { unattended: wish.signal })
  wish.abort()
  expect(await second).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(await third).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(wire.jobs().map((job) => job.state)).toEqual(['processing'])
})

test('many leftovers that do not go are told by their number, within the time for it', async () => {
  const wire = await simulator()
  wire.setManner('holds')
  for (let job = 0; job < 30; job += 1) await leave(wire, ownUserName(), `${ownUserName()}-0000000a`)
  wire.faults.add({ kind: 'hang', operation: 'Cancel-Job' })
  const printer = supervised(wire.port, { answerDeadlineMs: 200, cancelMs: 500 })
  await faulty(printer, 'offline')
  await until('it tells how many', () => /and \d+ more/.test(JSON.stringify(printer.status())), 2500)
})

test('an idle printer with an empty tray beside the full one is at work', async () => {
  const wire = await simulator(SLOW)
  wire.setReasons(['media-empty-report', 'opc-life-over-warning'])
  const printer = supervised(wire.port)
  await ready(printer)
  expect(printer.status()).toMatchObject({ warnings: ['paper-near-end', 'toner-low'] })
  expect(await printer.print(pdf)).toEqual({ outcome: 'printed', proof: 'confirmed' })
})

test('a printer behind a queue that stumbles once is asked again, and one that shuts us out a while later', async () => {
  const behind = await simulator()
  const queue = await simulator({ queueTo: behind.port })
  const printer = supervised(queue.port)
  await ready(printer)
  const stumble = behind.faults.add({ kind: 'http', status: 503 })
  await faulty(printer, 'cannot-open')
  stumble()
  await ready(printer)
  behind.setPaper('out')
  await faulty(printer, 'paper-out')
  const shutOut = behind.faults.add({ kind: 'http', status: 403 })
  await ready(printer)
  shutOut()
  await faulty(printer, 'paper-out')
})

test('nobody at the tray: a job that stands is taken back at once, one that is printed goes on', async () => {
  const wire = await simulator(SLOW)
  const printer = supervised(wire.port, { stoppedMs: 60_000, jobDeadlineMs: 60_000 })
  await ready(printer)
  const gone = new AbortController()
  const printed = printer.print(await pdfWithQr('long', 2), { unattended: gone.signal })
  await until('it prints', () => wire.asked('Get-Job-Attributes') > 0)
  gone.abort()
  expect(await printed).toEqual({ outcome: 'printed', proof: 'confirmed' })
  wire.setManner('holds')
  const later = new AbortController()
  const held = printer.print(pdf, { unattended: later.signal })
  await until('it is held', () => wire.jobs().at(-1)?.state === 'pending' && wire.jobs().length === 2)
  later.abort()
  expect(await held).toEqual({ outcome: 'failed', reason: 'offline' })
  await nothingWaits(wire)
})
