/** Promise 5: after the end, nothing of a person is left in what the program can reach in memory. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { startDeviceProcess } from '../support/device-process.ts'
import { demoCard, deviceJson, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const LISTEN = 'tcp://127.0.0.1:0'
const LOOK_EVERY_MS = 100

let parts: AsyncDisposableStack

beforeEach(() => {
  parts = new AsyncDisposableStack()
})
afterEach(() => parts.disposeAsync())

/** A terminal in a process of its own, behind a cable to its hall, and a way to look into its memory. */
const terminal = async () => {
  const hall = await startTestHall(parts)
  const cable = await startTcpProxy(Number(new URL(hall.url).port))
  parts.defer(() => cable.close())
  const folder = await temporaryFolder(parts)
  const reader = await startIdReaderSimulator({ listen: LISTEN })
  parts.defer(() => reader.close())
  const printer = await startReceiptPrinterSimulator({
    listen: LISTEN,
    profile: 'print-done-80',
    millimetresPerSecond: 5_000,
  })
  parts.defer(() => printer.close())
  const config = join(folder, 'device.json')
  const peripherals = {
    idReader: { driver: 'sdt', port: reader.port },
    receiptPrinter: { driver: 'escpos', profile: 'print-done-80', port: printer.port },
  }
  const enrolmentCode = hall.createEnrolmentCode()
  const hallUrl = `http://127.0.0.1:${cable.port}`
  await writeFile(
    config,
    JSON.stringify(deviceJson({ role: 'terminal', hallUrl, enrolmentCode, peripherals })),
  )
  const device = await startDeviceProcess(config, join(folder, 'data'), [
    '--heapsnapshot-signal=SIGUSR2',
    `--diagnostic-dir=${folder}`,
  ])
  parts.defer(() => device.kill())
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ tiles, peripherals: seen }) =>
      tiles.some(({ service, unavailable }) => service === 'my-papers' && unavailable === null) &&
      seen.receiptPrinter?.state === 'ready',
  )
  const found = async (traces: string[]): Promise<string[]> => {
    const before = (await readdir(folder)).length
    device.child.kill('SIGUSR2')
    const heap = await newHeapSnapshot(folder, before)
    return traces.filter((trace) => heap.includes(trace) || heap.includes(escaped(trace)))
  }
  const end = async (): Promise<void> => {
    reader.liftCard()
    await screen.act({ type: 'end' })
    await screen.untilView('ending')
    await screen.act({ type: 'wake' })
    await screen.untilView('home')
  }
  return { cable, reader, screen, found, end }
}

it('a heap snapshot after the end holds nothing of the person, and one before it does', {
  timeout: 60_000,
}, async () => {
  const { reader, screen, found, end } = await terminal()
  const card = await demoCard('shen')
  reader.placeCard(card)
  const { view } = await screen.untilView('papers')
  const traces = [card.name, card.number, card.address, '沈*', ...view.cases.map(({ caseNo }) => caseNo)]
  const paper = view.cases.flatMap(({ papers }) => papers).find(({ kind }) => kind === 'receipt')
  await screen.act({ type: 'print-paper', paperId: paper?.paperId ?? '', key: 'one' })
  await screen.untilView('printed')
  expect(await found(traces)).toEqual(traces)
  await end()
  expect(await found(traces)).toEqual([])
})

it('nothing of the person waits for a hall that has not answered when the session is ended', {
  timeout: 60_000,
}, async () => {
  const { cable, reader, screen, found, end } = await terminal()
  const card = await demoCard('shen')
  cable.silence()
  reader.placeCard(card)
  await screen.untilView('looking-up')
  await end()
  expect(await found([card.name, card.number, card.address, '沈*'])).toEqual([])
})

/** The snapshot file grows until its JSON is whole. */
const newHeapSnapshot = async (folder: string, filesBefore: number): Promise<string> => {
  for (;;) {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.heapsnapshot')).sort()
    const all = await readdir(folder)
    const newest = names.at(-1)
    if (all.length > filesBefore && newest !== undefined) {
      const text = await readFile(join(folder, newest), 'utf8')
      if (text.trimEnd().endsWith(']}')) return text
    }
    await sleep(LOOK_EVERY_MS)
  }
}

/** Snapshots write what is not ASCII as \uXXXX. */
const escaped = (text: string): string =>
  text.replace(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )
