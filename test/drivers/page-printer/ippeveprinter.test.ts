import { expect, test } from 'vitest'
import { closing, faulty, ready, until } from '../support.ts'
import { startEvePrinter } from './ippeveprinter.ts'
import { qrTexts } from './read-back.ts'
import { pdfWithQr, supervised } from './support.ts'

/** A real printer of IPP Everywhere takes its time. */
const STEADY = {
  heartbeatMs: 100,
  answerDeadlineMs: 3000,
  jobDeadlineMs: 15_000,
  cancelMs: 3000,
  stoppedMs: 500,
}

test('an IPP Everywhere printer prints what it is given, and counts it', async () => {
  const eve = closing(await startEvePrinter())
  const printer = supervised(eve.port, STEADY)
  await ready(printer)
  const pdf = await pdfWithQr('https://hall.example/q/330099')
  expect(await printer.print(pdf)).toEqual({ outcome: 'printed', proof: 'confirmed' })
  const [printed = new Uint8Array(0)] = eve.pages()
  expect(printed).toEqual(pdf)
  expect(qrTexts(printed)).toEqual(['https://hall.example/q/330099'])
})

test('its paper ends within a job: told, and printed once there is paper in time', async () => {
  const eve = closing(await startEvePrinter())
  const printer = supervised(eve.port, { ...STEADY, stoppedMs: 10_000 })
  await ready(printer)
  eve.setPaper('out')
  const outcome = printer.print(await pdfWithQr('later'))
  await faulty(printer, 'paper-out')
  eve.setPaper('ok')
  expect(await outcome).toEqual({ outcome: 'printed', proof: 'confirmed' })
  await ready(printer)
  expect(eve.pages()).toHaveLength(1)
})

test('its paper stays away: the job is taken back, and is never said to have been printed', async () => {
  const eve = closing(await startEvePrinter())
  const printer = supervised(eve.port, STEADY)
  await ready(printer)
  eve.setPaper('out')
  const outcome = await printer.print(await pdfWithQr('never'))
  expect(outcome.outcome).not.toBe('printed')
  expect(outcome).toMatchObject({ reason: 'paper-out' })
})

test('killed within a job it leaves the outcome unknown; back at work it prints the next one', async () => {
  const eve = closing(await startEvePrinter(1))
  const printer = supervised(eve.port, { ...STEADY, silenceMs: 300 })
  await ready(printer)
  const outcome = printer.print(await pdfWithQr('lost'))
  await until('it is sent', () => printer.counters().frames > 0)
  await new Promise((resolve) => setTimeout(resolve, 300))
  await eve.kill()
  expect(await outcome).toMatchObject({ outcome: 'unknown' })
  await faulty(printer, 'line-lost')
  await eve.restart()
  await ready(printer)
  expect(await printer.print(await pdfWithQr('next'))).toMatchObject({ outcome: 'printed' })
})
