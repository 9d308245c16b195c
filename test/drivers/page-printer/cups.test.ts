import { expect, test } from 'vitest'
import { closing, faulty, ready, until } from '../support.ts'
import { startCups } from './cups.ts'
import { startEvePrinter } from './ippeveprinter.ts'
import { qrTexts } from './read-back.ts'
import { pdfWithQr, supervised } from './support.ts'

/** Filters and a backend are started for every job: a second, and more on a busy machine. */
const STEADY = {
  heartbeatMs: 100,
  answerDeadlineMs: 3000,
  sendIdleMs: 10_000,
  jobDeadlineMs: 30_000,
  cancelMs: 8000,
}
const PRINTED_WITHIN_MS = 20_000

test('through a CUPS queue the printer’s own count confirms the page, and the spool is empty afterwards', async () => {
  const eve = closing(await startEvePrinter())
  const cups = closing(await startCups({ deviceUri: eve.port }))
  const printer = supervised(cups.port, STEADY)
  await ready(printer)
  const pdf = await pdfWithQr('https://hall.example/q/330099', 2)
  expect(await printer.print(pdf)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  const [printed = new Uint8Array(0)] = eve.pages()
  expect(qrTexts(printed)).toEqual(Array(2).fill('https://hall.example/q/330099'))
  await until('nothing is left in the spool', () => cups.spooled().length === 0, PRINTED_WITHIN_MS)
  expect(cups.pageLog()).not.toContain('张')
})

test('paper ends behind the queue: told, never said to be printed, and nothing is left once the printer lets go', async () => {
  const eve = closing(await startEvePrinter())
  const cups = closing(await startCups({ deviceUri: eve.port }))
  const printer = supervised(cups.port, { ...STEADY, stoppedMs: 500, cancelMs: 1000 })
  await ready(printer)
  eve.setPaper('out')
  const outcome = printer.print(await pdfWithQr('never'))
  await faulty(printer, 'paper-out')
  // This printer lets go of a cancelled job no sooner than its command has ended.
  expect(await outcome).toEqual({ outcome: 'unknown', reason: 'paper-out' })
  eve.setPaper('ok')
  await until('nothing is left in the spool', () => cups.spooled().length === 0, PRINTED_WITHIN_MS)
  await until('it is ready', () => printer.status().state === 'ready', PRINTED_WITHIN_MS)
})

test.each(['abort-job', 'retry-job', 'stop-printer'] as const)(
  'the printer behind a queue of policy %s is killed within a job: unknown, told, and back at work with it',
  async (errorPolicy) => {
    const eve = closing(await startEvePrinter(1.5))
    const cups = closing(await startCups({ deviceUri: eve.port, errorPolicy }))
    const printer = supervised(cups.port, { ...STEADY, stoppedMs: 500 })
    await ready(printer)
    const outcome = printer.print(await pdfWithQr('lost'))
    await until('the queue has it', () => cups.spooled().length > 0, PRINTED_WITHIN_MS)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await eve.kill()
    await faulty(printer, 'line-lost')
    expect(await outcome).toMatchObject({ outcome: 'unknown' })
    await eve.restart()
    await until('it is ready', () => printer.status().state === 'ready', PRINTED_WITHIN_MS)
    expect(cups.spooled()).toEqual([])
    expect(await printer.print(await pdfWithQr('next'))).toMatchObject({ outcome: 'printed' })
  },
)

test('a queue that is paused, and a server that is down, are told and get no document', async () => {
  const eve = closing(await startEvePrinter())
  const cups = closing(await startCups({ deviceUri: eve.port }))
  const printer = supervised(cups.port, STEADY)
  await ready(printer)
  cups.pause()
  await faulty(printer, 'offline')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('cupsenable') })
  expect(await printer.print(await pdfWithQr('no'))).toEqual({ outcome: 'failed', reason: 'offline' })
  cups.resume()
  await ready(printer)
  await cups.stop()
  await faulty(printer, 'line-lost')
  await cups.restart()
  await until('it is ready', () => printer.status().state === 'ready', PRINTED_WITHIN_MS)
  expect(cups.spooled()).toEqual([])
})
