/** The thin path through the whole house, every part real: hall, terminal, pad, and the other end of each wire. */

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DeviceOptions } from '../../device/device.ts'
import { startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { startReceiptPrinterSimulator } from '../../drivers/simulators/receipt-printer.ts'
import { startScannerSimulator } from '../../drivers/simulators/scanner.ts'
import {
  demoCard,
  startTestDevice,
  startTestHall,
  type TestDeviceOptions,
  temporaryFolder,
  windowRequest,
} from './support/house.ts'
import { bodyOf, openPad, openTerminal } from './support/screen.ts'
import { startTcpProxy } from './support/tcp-proxy.ts'

const LISTEN = 'tcp://127.0.0.1:0'
/** What works with a reader, a scanner, a receipt printer and a line. */
const WORKS = ['my-papers', 'pickup', 'progress', 'ticket']
/** PROTOCOLS.md §1.3: the longest wait of the back-off is 4 s. */
const BACK_AT_THE_HALL_MS = 5_000

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

const terminalWithEverything = async (millimetresPerSecond = 5_000, more: Partial<DeviceOptions> = {}) => {
  const hall = await startTestHall(parts)
  const reader = await startIdReaderSimulator({ listen: LISTEN })
  parts.defer(() => reader.close())
  const scanner = await startScannerSimulator({ listen: LISTEN })
  parts.defer(() => scanner.close())
  const printer = await startReceiptPrinterSimulator({
    listen: LISTEN,
    profile: 'print-done-80',
    millimetresPerSecond,
  })
  parts.defer(() => printer.close())
  const options: TestDeviceOptions = {
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
    peripherals: {
      idReader: { driver: 'sdt', port: reader.port },
      scanner: { driver: 'serial', port: scanner.port },
      receiptPrinter: { driver: 'escpos', profile: 'print-done-80', port: printer.port },
    },
    more,
  }
  const device = await startTestDevice(options)
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ line, tiles, peripherals, hall: known }) =>
      line.online &&
      known !== null &&
      tiles.every(({ service, unavailable }) => unavailable === null || !WORKS.includes(service)) &&
      peripherals.receiptPrinter?.state === 'ready',
  )
  return { hall, reader, scanner, printer, device, screen, options }
}

test('a card on the reader leads to that person’s papers, and a receipt comes out in dots', async () => {
  const { reader, printer, screen } = await terminalWithEverything()
  reader.placeCard(await demoCard('zhang'))
  const { view } = await screen.untilView('papers')
  expect(view.personMasked).toBe('张*')
  expect(view.cases.length).toBeGreaterThanOrEqual(5)
  const paper = view.cases.flatMap(({ papers }) => papers).find(({ kind }) => kind === 'receipt')
  expect(paper).toMatchObject({ onReceiptPaper: true, lacks: null })

  await screen.act({ type: 'print-paper', paperId: paper?.paperId ?? '', key: 'first-touch' })
  const printed = await screen.untilView('printed')
  expect(printed.view).toMatchObject({ outcome: 'confirmed', reason: null, canReportNothing: false })
  expect(printer.receipts()).toHaveLength(1)
  expect(printer.receipts()[0]?.heightDots).toBeGreaterThan(300)
  expect(printer.errors).toEqual([])
})

test('a receipt’s code opens its case without a card', async () => {
  const { scanner, screen } = await terminalWithEverything()
  scanner.scan('YX2026110007K3')
  const { view } = await screen.untilView('case')
  expect(view).toMatchObject({ provedBy: 'receipt', personMasked: null })
  expect(view.case.caseNo).toBe('YX2026110007K3')
})

test('a guide is three touches from home to A4, and a key touched twice is one paper', async () => {
  const hall = await startTestHall(parts)
  const tray = await temporaryFolder(parts)
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
    peripherals: { pagePrinter: { driver: 'directory', port: `dir:${tray}` } },
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ tiles, peripherals }) => tiles[0]?.unavailable === null && peripherals.pagePrinter?.state === 'ready',
  )
  await screen.act({ type: 'wake' })
  await screen.act({ type: 'open-service', service: 'guides' })
  await screen.act({ type: 'choose-life-event', lifeEvent: 'travel' })
  const { view } = await screen.until(({ view: now }) => now.name === 'guides' && now.guides.length > 0)
  const itemCode = view.name === 'guides' ? (view.guides[0]?.itemCode ?? '') : ''
  await screen.act({ type: 'open-guide', itemCode })
  expect((await screen.untilView('guide')).view.printable).toEqual({ a4: true, receipt: false })
  const touch = { type: 'print-guide', itemCode, paper: 'a4', key: 'one-intent' } as const
  await Promise.all([screen.act(touch), screen.act(touch)])
  const printed = await screen.untilView('printed')
  expect(printed.view).toMatchObject({ outcome: 'confirmed', job: { kind: 'guide', paper: 'a4' } })
  expect(printed.view.job.pages).toBeGreaterThanOrEqual(1)
  await screen.act(touch)
  const pages = await readdir(tray)
  expect(pages).toHaveLength(1)
  expect((await readFile(join(tray, pages[0] ?? ''))).subarray(0, 5).toString('latin1')).toBe('%PDF-')
})

test('a session that is left alone warns, ends by itself, and leaves nothing of the person on the page', async () => {
  const quick = { sessionTimings: { idle: 300, warning: 300, ending: 100 } }
  const { reader, screen } = await terminalWithEverything(5_000, quick)
  reader.placeCard(await demoCard('zhang'))
  const papers = await screen.untilView('papers')
  const caseNo = papers.view.cases[0]?.caseNo ?? ''
  expect((await screen.until(({ idleEndsAt }) => idleEndsAt !== null)).view.name).toBe('papers')
  const ending = await screen.untilView('ending')
  expect(ending).toMatchObject({ view: { cardOnReader: true }, idleEndsAt: null })
  reader.liftCard()
  const rest = await screen.untilView('rest')
  for (const state of [ending, rest]) {
    for (const trace of [caseNo, '张*', '张小雨', '330099199104160260']) {
      expect(JSON.stringify(state)).not.toContain(trace)
    }
  }
})

test('another person’s card begins a session of its own', async () => {
  const { reader, screen } = await terminalWithEverything()
  reader.placeCard(await demoCard('zhang'))
  await screen.untilView('papers')
  reader.liftCard()
  reader.placeCard(await demoCard('shen'))
  const { view } = await screen.until(({ view: now }) => now.name === 'papers' && now.personMasked === '沈*')
  expect(JSON.stringify(view)).not.toContain('张*')
})

test('a printing that a stop cut off is unknown to whoever is there, and is never sent again', async () => {
  // So slow that the paper is still moving when the device stops.
  const { reader, printer, screen, device, options } = await terminalWithEverything(20)
  reader.placeCard(await demoCard('zhang'))
  const { view } = await screen.untilView('papers')
  const paper = view.cases.flatMap(({ papers }) => papers).find(({ kind }) => kind === 'receipt')
  const action = { type: 'print-paper', paperId: paper?.paperId ?? '', key: 'one-intent' } as const
  await screen.act(action)
  await screen.until(({ view: now }) => now.name === 'printing' && now.stage !== 'preparing')
  await expect.poll(() => printer.busy(), { timeout: 10_000 }).toBe(true)
  reader.liftCard()
  screen.close()
  await device.close()

  const again = await startTestDevice({ ...options, enrolmentCode: null })
  parts.defer(() => again.close())
  const next = await openTerminal(again.screenUrl)
  parts.defer(() => next.close())
  const left = await next.untilView('paper-left')
  // Whose it was, or what, is told to nobody.
  expect(left.view).toEqual({ name: 'paper-left', paper: 'receipt' })
  const touched = await next.act(action)
  expect(touched.status).toBe(200)
  expect((await bodyOf(touched)).view).toMatchObject({
    name: 'printed',
    outcome: 'unknown',
    job: { kind: 'receipt' },
  })
  expect(printer.receipts().length).toBeLessThanOrEqual(1)
})

test('a rating given while the line is cut is at the hall once, within 5 s after the line is back', async () => {
  const hall = await startTestHall(parts)
  const cable = await startTcpProxy(Number(new URL(hall.url).port))
  parts.defer(() => cable.close())
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: `http://127.0.0.1:${cable.port}`,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(({ line, hall: known }) => line.online && line.backlog === 0 && known !== null)

  cable.cut()
  await screen.until(({ line }) => !line.online)
  const asked = await windowRequest(device, 'POST', '/evaluations', {
    caseNo: 'YX2026110007K3',
    itemCode: '11330099MB0A00010R3000101010000',
    itemName: '普通护照申领',
    user: { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null },
  })
  const evaluationId = String((await bodyOf(asked)).id)
  await screen.untilView('asking')
  await screen.act({ type: 'choose-level', evaluationId, level: 'very-satisfied' })
  await screen.untilView('labels')
  await screen.act({ type: 'finish', evaluationId, labels: ['510'], comment: '谢谢' })
  await screen.untilView('thanks')
  expect(screen.state().line.backlog).toBe(1)
  expect((await hall.counts()).rating).toBe(0)

  cable.mend()
  await screen.until(({ line }) => line.online && line.backlog === 0, BACK_AT_THE_HALL_MS)
  expect((await hall.counts()).rating).toBe(1)
})

test('a device runs without any peripheral and without its hall, and says so', async () => {
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: 'http://127.0.0.1:9',
    enrolmentCode: '0123456789',
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  expect(screen.state()).toMatchObject({
    view: { name: 'not-enrolled' },
    line: { online: false, backlog: 0 },
    peripherals: {},
    hall: null,
  })
  const touched = await bodyOf(await screen.act({ type: 'wake' }))
  expect(touched.view).toEqual({ name: 'not-enrolled' })
})

test('a device whose hall comes later is enrolled when it is there', async () => {
  const first = await startTestHall(parts)
  const cable = await startTcpProxy(Number(new URL(first.url).port))
  parts.defer(() => cable.close())
  cable.cut()
  const device = await startTestDevice({
    role: 'terminal',
    hallUrl: `http://127.0.0.1:${cable.port}`,
    enrolmentCode: first.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  expect(screen.state().view.name).toBe('not-enrolled')
  cable.mend()
  await screen.untilView('rest')
  const state = await screen.until(({ hall }) => hall !== null)
  expect(state.device.id).toBeTruthy()
  expect(state.tiles.map(({ unavailable }) => unavailable)).toEqual([
    null,
    'reader-down',
    'scanner-down',
    'scanner-down',
    null,
    null,
  ])
})
