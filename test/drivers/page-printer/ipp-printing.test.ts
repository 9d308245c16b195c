import { expect, test } from 'vitest'
import { faulty, ready, until } from '../support.ts'
import { nothingWaits, pdfWithQr, simulator, supervised } from './support.ts'

const pdf = await pdfWithQr('330099-A4')
/** Long enough on paper for something to happen meanwhile. */
const SLOW = { millisecondsPerSide: 400 }

test('a page that the printer counted is confirmed, and is the page that was given', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  expect(await printer.print(pdf)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(wire.pages()).toEqual([pdf])
  expect(wire.errors).toEqual([])
})

test('users and jobs have names that tell nothing, and a job’s names this machine', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  await printer.print(pdf)
  const [job] = wire.jobs()
  expect(job?.name).toMatch(new RegExp(`^${job?.user}-[0-9a-f]{8}$`))
  expect(job?.user).toMatch(/^window24-[0-9a-f]{8}$/)
})

test('documents wanted at once come out in their order, one at a time', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  const papers = await Promise.all(['1', '2', '3'].map((text) => pdfWithQr(text)))
  const outcomes = await Promise.all(papers.map((paper) => printer.print(paper)))
  expect(outcomes).toEqual(Array(3).fill({ outcome: 'printed', proof: 'confirmed' }))
  expect(wire.pages()).toEqual(papers)
})

test('what is no PDF is not printed', async () => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  const outcome = await printer.print(Uint8Array.of(1, 2, 3))
  expect(outcome).toEqual({ outcome: 'failed', reason: 'bad-frames' })
  expect(wire.asked('Print-Job')).toBe(0)
})

test('a printer without paper gets no byte of a document', async () => {
  const wire = await simulator()
  wire.setPaper('out')
  const printer = supervised(wire.port)
  await faulty(printer, 'paper-out')
  expect(await printer.print(pdf)).toEqual({ outcome: 'failed', reason: 'paper-out' })
  expect(wire.asked('Print-Job')).toBe(0)
  wire.setPaper('ok')
  await ready(printer)
  expect(await printer.print(pdf)).toMatchObject({ outcome: 'printed' })
})

test('paper that ends within a job is told, and the job goes on when paper is there in time', async () => {
  const wire = await simulator(SLOW)
  const printer = supervised(wire.port, { stoppedMs: 3000 })
  await ready(printer)
  const outcome = printer.print(await pdfWithQr('long', 3))
  await until('it prints', () => wire.jobs()[0]?.sidesPrinted === 1)
  wire.setPaper('out')
  await faulty(printer, 'paper-out')
  wire.setPaper('ok')
  await ready(printer)
  expect(await outcome).toEqual({ outcome: 'printed', proof: 'confirmed' })
  expect(wire.asked('Print-Job')).toBe(1)
})

test('a job that stands without paper is taken back, and nothing comes out at the refill (field row 14)', async () => {
  const wire = await simulator(SLOW)
  const printer = supervised(wire.port)
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('it is sent', () => wire.jobs().length === 1)
  wire.setPaper('out')
  expect(await outcome).toEqual({ outcome: 'failed', reason: 'paper-out' })
  wire.setPaper('ok')
  await ready(printer)
  await nothingWaits(wire)
  expect(wire.pages()).toEqual([])
  expect(wire.errors).toEqual([])
})

test.each([
  ['aborts', { outcome: 'failed', reason: 'mechanical' }],
  ['lies', { outcome: 'printed', proof: 'probable' }],
  ['silent-count', { outcome: 'printed', proof: 'probable' }],
] as const)('a printer that %s gives no proof', async (manner, expected) => {
  const wire = await simulator()
  wire.setManner(manner)
  const printer = supervised(wire.port)
  await ready(printer)
  expect(await printer.print(pdf)).toEqual(expected)
})

test('a printer that says completed and has no paper has not proved a page', async () => {
  const wire = await simulator(SLOW)
  wire.setManner('lies')
  const printer = supervised(wire.port, { stoppedMs: 3000 })
  await ready(printer)
  const outcome = printer.print(pdf)
  await until('it is sent', () => wire.jobs().length === 1)
  wire.setReasons(['media-empty-error'])
  expect(await outcome).toEqual({ outcome: 'unknown', reason: 'paper-out' })
})

test('a printer that forgets a finished job leaves its outcome unknown', async () => {
  const wire = await simulator()
  wire.setManner('forgets')
  const printer = supervised(wire.port)
  await ready(printer)
  expect(await printer.print(pdf)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  expect(wire.asked('Print-Job')).toBe(1)
})

test('a job that never ends is taken back at its deadline and is unknown', async () => {
  const wire = await simulator()
  wire.setManner('stuck')
  const printer = supervised(wire.port, { jobDeadlineMs: 300 })
  await ready(printer)
  expect(await printer.print(pdf)).toEqual({ outcome: 'unknown', reason: 'no-answer' })
  await nothingWaits(wire)
  expect(wire.jobs()[0]?.state).toBe('canceled')
})

test('a job that does not go when cancelled is told by its number, and nothing is sent after it', async () => {
  const wire = await simulator()
  wire.setManner('keeps')
  const printer = supervised(wire.port, { jobDeadlineMs: 300, cancelMs: 300 })
  await ready(printer)
  expect(await printer.print(pdf)).toMatchObject({ outcome: 'unknown' })
  const tells = (words: string) => () => JSON.stringify(printer.status()).includes(words)
  await until('it tells what it does', tells('clearing jobs left in the queue'))
  await until('it tells what is left', tells('job 1 of this machine'))
  expect(await printer.print(pdf)).toEqual({ outcome: 'failed', reason: 'offline' })
  expect(wire.asked('Print-Job')).toBe(1)
  wire.setManner('stuck')
  await ready(printer)
})

test.each([
  [0x040a, 'bad-frames'],
  [0x0507, 'offline'],
] as const)('a document that is refused (%i) has failed, and that is certain', async (status, reason) => {
  const wire = await simulator()
  const printer = supervised(wire.port)
  await ready(printer)
  wire.faults.add({ kind: 'refuse', status, operation: 'Print-Job' })
  expect(await printer.print(pdf)).toEqual({ outcome: 'failed', reason })
  expect(wire.pages()).toEqual([])
})

test('a printer that takes no PDF is told with what it takes', async () => {
  const wire = await simulator({ formats: ['image/pwg-raster', 'image/urf'] })
  const printer = supervised(wire.port)
  await faulty(printer, 'cannot-open')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('image/pwg-raster, image/urf') })
})
