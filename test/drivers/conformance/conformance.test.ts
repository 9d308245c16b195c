/** Every driver on every transport that it has, through what the field does to drivers. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { superviseScanner } from '../../../drivers/scanner/driver.ts'
import { startScannerSimulator } from '../../../drivers/simulators/scanner.ts'
import type { Peripheral } from '../../../drivers/status.ts'
import { until } from '../support.ts'
import { idReaders } from './id-reader.ts'
import { keypads } from './keypad.ts'
import { pagePrinters } from './page-printer.ts'
import { receiptPrinters } from './receipt-printer.ts'
import { scanners } from './scanner.ts'
import { type Bench, pause, type Subject } from './subject.ts'

const { bus } = await vi.hoisted(async () => {
  const { SimulatedHidBus } = await import('../../../drivers/simulators/hid-bus.ts')
  return { bus: new SimulatedHidBus() }
})
vi.mock('node-hid', () => ({ ...bus.library, default: bus.library }))
vi.mock('../../../drivers/transport/report-descriptor.ts', () => ({
  readReportDescriptor: (path: string) => bus.reportDescriptor(path),
}))

const SUBJECTS: readonly Subject[] = [
  ...idReaders(bus),
  ...scanners(bus),
  ...receiptPrinters(),
  ...keypads(),
  ...pagePrinters(),
]

/** Twice what is promised for an idle machine is no promise here: this suite runs beside others. */
const TOLD_MS = 8000
const BACK_MS = 10_000
/** Long enough for a frame to be broken, an answer to be missed, and a question to be asked again. */
const TROUBLED_MS = 900
/** Longer than the silence that ends a scan, and than a report waits for those that continue it. */
const SILENCE_MS = 700
/** This process was held up by others: what has come meanwhile is heard only after it, and its silence begins there. */
const HELD_UP_MS = 150
/** Subjects run side by side, the cases of one after the other: a HID device is found by its number. */
const CASE = { timeout: 60_000, concurrent: false }

const neighbour = await startNeighbour()
beforeAll(() => neighbour.works())
afterAll(() => neighbour.close())

describe.concurrent.each(SUBJECTS)('$name', (subject) => {
  const { states, worksThrough, survives, canBeAsked } = subject

  test('absent at start: it says so, and works once it is there', CASE, () =>
    on(subject, 'out', async (bench) => {
      await told(bench.peripheral, subject.absence)
      await bench.plug()
      await back(bench)
      await bench.work()
    }),
  )

  test('plugged in it works, and what came in is counted', CASE, () =>
    on(subject, 'in', async (bench) => {
      await back(bench)
      await bench.work()
      await bench.work()
      const { frames, reopens } = bench.peripheral.counters()
      expect(frames > 0).toBe(subject.countsFrames)
      expect(reopens).toBe(0)
    }),
  )

  test.each(states)(
    'unplugged while %s: said at once, nothing is doubled or half done, and it works again',
    CASE,
    (state) =>
      on(subject, 'in', async (bench) => {
        await back(bench)
        const settle = await bench.enter(state)
        await bench.unplug()
        await told(bench.peripheral)
        await bench.plug()
        await back(bench)
        await settle()
        await bench.work()
        expect(bench.peripheral.counters().reopens).toBeGreaterThan(0)
      }),
  )

  test.each(worksThrough)('%s: it works as if nothing were', CASE, (kind) =>
    on(subject, 'in', async (bench) => {
      await back(bench)
      const seen = watch(bench.peripheral)
      const end = bench.trouble(kind)
      await bench.work()
      end()
      await bench.work()
      expect(seen).toEqual([])
    }),
  )

  test.each(survives)('%s: nothing is doubled or half done, and afterwards it works', CASE, (kind) =>
    on(subject, 'in', async (bench) => {
      await back(bench)
      const settle = await bench.enter(states[0] ?? '')
      const end = bench.trouble(kind)
      bench.meanwhile?.()
      if (kind === 'half-open' && canBeAsked) await told(bench.peripheral)
      else await pause(TROUBLED_MS)
      end()
      // What was broken is given up after a silence; what comes at once may be taken for its end.
      await silence()
      await back(bench)
      await settle()
      await bench.work()
    }),
  )

  // A page printer and a device server have one name and no other.
  // An address stays what it is: only what is plugged in comes back under another name.
  if (!subject.comesBackRenamed) return
  test('back under another name: it is found again', CASE, () =>
    on(subject, 'in', async (bench) => {
      await back(bench)
      for (let round = 0; round < 3; round += 1) {
        const before = bench.innerName()
        const { reopens } = bench.peripheral.counters()
        await bench.unplug()
        await bench.plug()
        expect(bench.innerName()).not.toBe(before)
        await until('it is opened anew', () => bench.peripheral.counters().reopens > reopens, BACK_MS)
        await back(bench)
        await bench.work()
      }
    }),
  )
})

/** One case: afterwards the device has nothing to complain of, nothing wrong came out, and nobody else noticed. */
async function on(
  subject: Subject,
  cable: 'in' | 'out',
  run: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await subject.start(cable)
  try {
    await run(bench)
    expect(bench.wrong()).toEqual([])
    expect(bench.errors()).toEqual([])
    await neighbour.works()
  } finally {
    await bench.close()
  }
}

async function silence(): Promise<void> {
  for (;;) {
    const fromMs = performance.now()
    await pause(SILENCE_MS)
    if (performance.now() - fromMs < SILENCE_MS + HELD_UP_MS) return
  }
}

function told(peripheral: Peripheral, reason?: string): Promise<void> {
  const is = (): boolean => {
    const status = peripheral.status()
    return status.state === 'fault' && (reason === undefined || status.reason === reason)
  }
  return until(`its status is the fault ${reason ?? ''}`, is, TOLD_MS)
}

function back(bench: Bench): Promise<void> {
  return until('its status is ready', () => bench.peripheral.status().state === 'ready', BACK_MS)
}

/** Every change of status from now on. */
function watch(peripheral: Peripheral): string[] {
  const seen: string[] = []
  peripheral.onStatus((status) => {
    seen.push(status.state === 'fault' ? `fault: ${status.reason}, ${status.detail}` : status.state)
  })
  return seen
}

/** A scanner that has nothing to do with any of it: its work goes on, its status never changes. */
async function startNeighbour() {
  const simulator = await startScannerSimulator({ listen: 'tcp://127.0.0.1:0' })
  const scanner = superviseScanner({ driver: 'serial', port: simulator.port })
  const heard: string[] = []
  scanner.onScan((scan) => heard.push(scan.kind === 'scanned' ? scan.text : scan.kind))
  await until('the neighbour is ready', () => simulator.isConnected())
  const seen = watch(scanner)
  let count = 0
  return {
    works: async () => {
      count += 1
      const code = `neighbour-${count}`
      simulator.scan(code)
      await until('the neighbour hears its code', () => heard.includes(code), TOLD_MS)
      expect(seen.filter((state) => state !== 'ready')).toEqual([])
      expect(scanner.counters().reopens).toBe(0)
    },
    close: async () => {
      await scanner.close()
      await simulator.close()
    },
  }
}
