/** Slips in the hand: through the real house, hall to paper, read back as a phone reads them. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import {
  type SimulatedReceipt,
  startReceiptPrinterSimulator,
} from '../../../drivers/simulators/receipt-printer.ts'
import { codesOn } from '../documents/papers.ts'
import { demoCard, startTestDevice, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'

const LISTEN = 'tcp://127.0.0.1:0'

let parts: AsyncDisposableStack
beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const terminal = async () => {
  const hall = await startTestHall(parts)
  const reader = await startIdReaderSimulator({ listen: LISTEN })
  parts.defer(() => reader.close())
  const printer = await startReceiptPrinterSimulator({
    listen: LISTEN,
    profile: 'print-done-80',
    millimetresPerSecond: 5_000,
  })
  parts.defer(() => printer.close())
  const tray = await temporaryFolder(parts)
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
    peripherals: {
      idReader: { driver: 'sdt', port: reader.port },
      receiptPrinter: { driver: 'escpos', profile: 'print-done-80', port: printer.port },
      pagePrinter: { driver: 'directory', port: `dir:${tray}` },
    },
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ line, peripherals, tiles }) =>
      line.online &&
      tiles.find(({ service }) => service === 'ticket')?.unavailable === null &&
      (['idReader', 'receiptPrinter', 'pagePrinter'] as const).every(
        (name) => peripherals[name]?.state === 'ready',
      ),
  )
  return { reader, printer, tray, screen }
}

const scannedOn = (receipt: SimulatedReceipt | undefined): string[] =>
  execFileSync('zbarimg', ['-q', '--nodbus', '-'], { input: receipt?.png ?? '', encoding: 'utf8' })
    .trim()
    .split('\n')

test('a phone reads on a proof, and on the slip beside it, where its issuer says whether it is one', async () => {
  const { reader, printer, tray, screen } = await terminal()
  reader.placeCard(await demoCard('zhang'))
  await screen.untilView('papers')
  await screen.act({ type: 'open-proofs' })
  await screen.act({ type: 'take-proof', kind: 'social-insurance', key: 'one-proof' })
  await screen.until(({ view: now }) => now.name === 'proof' && now.slip.state === 'confirmed')
  const { view } = await screen.untilView('proof')
  const { verificationCode, verifyAddress } = view
  expect(verifyAddress).toMatch(/^https:\/\//)
  expect(verifyAddress).toContain(verificationCode)
  const [paper = ''] = readdirSync(tray)
  expect(codesOn(readFileSync(join(tray, paper)))).toContainEqual({
    symbology: 'QR-Code',
    value: verifyAddress,
  })

  const touch = { type: 'print-proof-slip', key: 'one-slip' } as const
  await Promise.all([screen.act(touch), screen.act(touch)])
  await screen.untilView('printed')
  expect(printer.receipts()).toHaveLength(1)
  expect(scannedOn(printer.receipts()[0])).toEqual([`QR-Code:${verifyAddress}`])
  await screen.act({ type: 'back' })
  expect((await screen.untilView('proof')).view.verificationCode).toBe(verificationCode)
})

test('a number whose slip could not be printed has it once its printer works and it is asked for', async () => {
  const { printer, screen } = await terminal()
  printer.setCover(true)
  await screen.until(({ peripherals }) => peripherals.receiptPrinter?.state === 'fault')
  await screen.act({ type: 'wake' })
  await screen.act({ type: 'open-service', service: 'ticket' })
  const { view: queue } = await screen.untilView('queue')
  const open = queue.types.find((type) => type.open)
  // At night a hall may hand out no numbers at all; the demonstration hall always has one that does.
  expect(open).toBeDefined()
  await screen.act({ type: 'choose-queue', businessType: open?.businessType ?? '' })
  await screen.act({ type: 'take-ticket', code: null, key: 'one-number' })
  const { view } = await screen.untilView('ticket')
  expect(view.slip).toMatchObject({ state: 'none', again: 'a4' })

  printer.setCover(false)
  await screen.until(({ view: now }) => now.name === 'ticket' && now.slip.again === 'receipt')
  expect(printer.receipts()).toEqual([])
  const touch = { type: 'retry-print', jobId: view.slip.job.jobId, key: 'one-slip' } as const
  await Promise.all([screen.act(touch), screen.act(touch)])
  await screen.until(({ view: now }) => now.name === 'ticket' && now.slip.state === 'confirmed')
  expect(printer.receipts()).toHaveLength(1)
  expect(scannedOn(printer.receipts()[0])).toEqual([`CODE-128:${view.ticket.number}`])
})
