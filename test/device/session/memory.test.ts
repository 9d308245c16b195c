/** Promise 5: after the end, nothing of a person is left in what the program can reach in memory. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { READER_TIMINGS } from '../../../drivers/id-reader/timings.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { startReceiptPrinterSimulator } from '../../../drivers/simulators/receipt-printer.ts'
import { heapsOfProcess, inspectorOf } from '../../browser/forgetting/heaps.ts'
import { type Planted, tracesIn } from '../../browser/forgetting/traces.ts'
import { startDeviceProcess } from '../support/device-process.ts'
import { demoCard, deviceJson, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

const LISTEN = 'tcp://127.0.0.1:0'
/** The reader is asked again in time, also on a crowded machine. */
const LIFT_IS_SEEN_MS = 4 * READER_TIMINGS.pollIntervalMs
/** Any free port, on this machine only. */
const INSPECTED = '--inspect=127.0.0.1:0'

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
  const device = await startDeviceProcess(config, join(folder, 'data'), [INSPECTED])
  parts.defer(() => device.kill())
  const inspector = await inspectorOf(device.child)
  const screen = await openTerminal(device.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ hall: known, tiles, peripherals: seen }) =>
      known !== null &&
      tiles.some(({ service, unavailable }) => service === 'my-papers' && unavailable === null) &&
      seen.receiptPrinter?.state === 'ready',
  )
  const found = async (planted: Planted): Promise<string[]> => {
    const { device: heap = Buffer.of() } = await heapsOfProcess(inspector, { threads: false })
    const traces = tracesIn(heap, planted)
    return Object.keys(planted).filter((what) => traces.some((trace) => trace.startsWith(`${what} in `)))
  }
  const end = async (): Promise<void> => {
    reader.liftCard()
    // A reading that is under way at that moment would begin another session with this card.
    await pause(LIFT_IS_SEEN_MS)
    await screen.act({ type: 'end' })
    await screen.untilView('ending')
    await screen.act({ type: 'wake' })
    await screen.untilView('home')
  }
  return { cable, reader, screen, found, end }
}

const personOf = (
  { name, number, address }: Awaited<ReturnType<typeof demoCard>>,
  whose = 'hers',
): Planted => ({
  [`${whose}: the name`]: name,
  [`${whose}: the number`]: number,
  [`${whose}: the address`]: address,
})

it('nothing of a person is left after the end, also where the hall has not answered; a look before it finds them', {
  timeout: 120_000,
}, async () => {
  const { cable, reader, screen, found, end } = await terminal()
  const card = await demoCard('shen')
  reader.placeCard(card)
  const { view } = await screen.untilView('papers')
  const cases = Object.fromEntries(view.cases.map(({ caseNo }, index) => [`case ${index}`, caseNo]))
  const paper = view.cases.flatMap(({ papers }) => papers).find(({ kind }) => kind === 'receipt')
  await screen.act({ type: 'print-paper', paperId: paper?.paperId ?? '', key: 'one' })
  await screen.untilView('printed')
  const first = { ...personOf(card), 'the masked name': '沈*', ...cases }
  expect(await found(first)).toEqual(Object.keys(first))
  await end()

  const nextCard = await demoCard('guli')
  cable.silence()
  reader.placeCard(nextCard)
  await screen.untilView('looking-up')
  await end()
  expect(await found({ ...first, ...personOf(nextCard, 'the next one') })).toEqual([])
})

it('a look into memory sees the end of a long text too, in the process and in its threads', async () => {
  const keeping = (where: string): string =>
    `globalThis.kept = Buffer.from('x'.repeat(5_000) + 'in the ${where}').toString('latin1')`
  const thread = `${keeping('thread')}; require('node:worker_threads').parentPort.on('message', () => {}).postMessage('')`
  const program = `${keeping('process')}
    new (require('node:worker_threads').Worker)(${JSON.stringify(thread)}, { eval: true })
      .once('message', () => console.log('both have it'))`
  const child = spawn(process.execPath, [INSPECTED, '-e', program], { stdio: ['ignore', 'pipe', 'pipe'] })
  parts.defer(() => void child.kill())
  const inspector = inspectorOf(child)
  await once(child.stdout, 'data')
  const heaps = Object.entries(await heapsOfProcess(await inspector))
  const seen = heaps.map(([where, heap]) => [
    where,
    /x{5000}in the \w+/.exec(heap.toString('latin1'))?.[0].slice(5_000),
  ])
  expect(seen).toEqual([
    ['device', 'in the process'],
    ['worker 1', 'in the thread'],
  ])
})
