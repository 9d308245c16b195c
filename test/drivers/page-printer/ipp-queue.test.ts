import { expect, test } from 'vitest'
import { faulty, ready, until } from '../support.ts'
import { pdfWithQr, simulator, supervised } from './support.ts'

const pdf = await pdfWithQr('330099-A4')

test('a queue whose printer cannot be asked proves no more than that it handed the page over', async () => {
  const wire = await simulator({ queueTo: 'usb://Example/Laser%20A4' })
  const printer = supervised(wire.port)
  await ready(printer)
  expect(await printer.print(pdf)).toEqual({ outcome: 'printed', proof: 'probable' })
  await until('its files are purged', () => wire.jobs().length === 0)
})

test('what an idle queue repeats of its last job is a warning, or it would never print again', async () => {
  const wire = await simulator({ queueTo: 'usb://Example/Laser%20A4' })
  wire.setReasons(['media-empty-warning'])
  const printer = supervised(wire.port)
  await ready(printer)
  expect(printer.status()).toMatchObject({ warnings: ['paper-near-end'] })
  expect(await printer.print(pdf)).toMatchObject({ outcome: 'printed' })
})

test('the printer behind a queue is asked itself', async () => {
  const behind = await simulator()
  const queue = await simulator({ queueTo: behind.port })
  const printer = supervised(queue.port)
  await ready(printer)
  behind.setPaper('out')
  await faulty(printer, 'paper-out')
  behind.setPaper('ok')
  await ready(printer)
  await behind.unplug()
  await faulty(printer, 'line-lost')
  expect(printer.status()).toMatchObject({ detail: expect.stringContaining('its printer does not') })
  expect(await printer.print(pdf)).toEqual({ outcome: 'failed', reason: 'line-lost' })
})

test('two printers are two: one that hangs holds up nothing of the other', async () => {
  const [stuck, sound] = [await simulator(), await simulator()]
  stuck.faults.add({ kind: 'hang' })
  const printers = [supervised(stuck.port), supervised(sound.port)] as const
  await ready(printers[1])
  expect(await printers[1].print(pdf)).toMatchObject({ outcome: 'printed' })
  await faulty(printers[0], 'no-answer')
})
