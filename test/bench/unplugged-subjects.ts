import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { superviseIdReader } from '../../drivers/id-reader/driver.ts'
import { superviseKeypad } from '../../drivers/keypad/driver.ts'
import { type PagePrinter, supervisePagePrinter } from '../../drivers/page-printer/driver.ts'
import { superviseReceiptPrinter } from '../../drivers/receipt-printer/driver.ts'
import { superviseScanner } from '../../drivers/scanner/driver.ts'
import type { IdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { startHidIdReaderSimulator } from '../../drivers/simulators/id-reader-hid.ts'
import { startIppPrinterSimulator } from '../../drivers/simulators/ipp-printer.ts'
import { startKeypadSimulator } from '../../drivers/simulators/keypad.ts'
import { startReceiptPrinterSimulator } from '../../drivers/simulators/receipt-printer.ts'
import { type ScannerSimulator, startScannerSimulator } from '../../drivers/simulators/scanner.ts'
import { plugHidScanner } from '../../drivers/simulators/scanner-hid.ts'
import type { WireFaults } from '../../drivers/simulators/wire-faults.ts'
import type { Peripheral } from '../../drivers/status.ts'
import { monotonicMs, sleep } from '../../drivers/time.ts'
import { bus } from './unplugged-hid.ts'

/** One driver on one wire, with the hands that pull its cable. */
export interface BenchSubject {
  name: string
  peripheral: Peripheral
  /** Gives how to plug it in again. */
  unplug(): Promise<() => Promise<void>>
  /** Left out where the peripheral cannot be asked. */
  halfOpen?(): () => void
  /** Ends when the peripheral has done what it is there for. */
  works(patienceMs: number): Promise<void>
  close(): Promise<void>
}

interface OtherEnd {
  readonly faults: WireFaults
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

/** How soon a work that the lost line swallowed is done again. */
const TRY_AGAIN_MS = 100

const card = {
  name: '张小满',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1990-01-31',
  address: '浙江省杭州市样例路1号',
  number: '330099199001310027',
  issuer: '样例公安局',
  validFrom: '2020-01-01',
  validTo: '长期',
} as const

/** Tries until the work is seen done. */
async function until(patienceMs: number, attempt: () => void, isDone: () => boolean): Promise<void> {
  const started = monotonicMs()
  while (!isDone() && monotonicMs() - started < patienceMs) {
    attempt()
    await sleep(TRY_AGAIN_MS)
  }
}

function subject(
  name: string,
  peripheral: Peripheral,
  end: OtherEnd,
  works: BenchSubject['works'],
  canBeAsked: boolean,
): BenchSubject {
  return {
    name,
    peripheral,
    works,
    unplug: async () => {
      await end.unplug()
      return () => end.plug()
    },
    ...(canBeAsked ? { halfOpen: () => end.faults.add({ kind: 'half-open' }) } : {}),
    close: async () => {
      await peripheral.close()
      await end.close()
    },
  }
}

function idReader(name: string, end: IdReaderSimulator): BenchSubject {
  const reader = superviseIdReader({ driver: 'sdt', port: end.port })
  let placed = false
  reader.onCard((event) => {
    placed = event.kind === 'placed'
  })
  const works = async (patienceMs: number): Promise<void> => {
    placed = false
    end.placeCard(card)
    await until(
      patienceMs,
      () => {},
      () => placed,
    )
    end.liftCard()
  }
  return subject(name, reader, end, works, true)
}

function scanner(name: string, driver: 'serial' | 'hid-pos', end: ScannerSimulator): BenchSubject {
  const taking = superviseScanner({ driver, port: end.port })
  let scans = 0
  let seen = 0
  taking.onScan(() => {
    seen += 1
  })
  const works = async (patienceMs: number): Promise<void> => {
    seen = 0
    const scan = (): void => {
      scans += 1
      end.scan(`3300990000${scans}`)
    }
    await until(patienceMs, scan, () => seen > 0)
  }
  return subject(name, taking, end, works, false)
}

async function receiptPrinter(name: string, listen: string): Promise<BenchSubject> {
  const end = await startReceiptPrinterSimulator({ listen })
  const printer = superviseReceiptPrinter({ driver: 'escpos', profile: 'generic-80', port: end.port })
  const works = async (patienceMs: number): Promise<void> => {
    const started = monotonicMs()
    while (monotonicMs() - started < patienceMs) {
      const { outcome } = await printer.print({ elements: [{ kind: 'text', text: '样例' }, { kind: 'cut' }] })
      if (outcome === 'printed') return
      await sleep(TRY_AGAIN_MS)
    }
  }
  return subject(name, printer, end, works, true)
}

async function keypad(name: string, listen: string): Promise<BenchSubject> {
  const end = await startKeypadSimulator({ listen })
  const keys = superviseKeypad({ driver: 'ff68', port: end.port })
  let heard = 0
  keys.onKey(() => {
    heard += 1
  })
  const works = async (patienceMs: number): Promise<void> => {
    heard = 0
    keys.startRating()
    await until(
      patienceMs,
      () => end.press(2),
      () => heard > 0,
    )
    keys.stopRating()
  }
  return subject(name, keys, end, works, false)
}

/** Paper is out within half a second, so that the time is the driver's and not the printer's. */
const MS_PER_SIDE = 200
const PDF = Uint8Array.from(Buffer.from('%PDF-1.4\n%%EOF\n', 'latin1'))

async function prints(printer: PagePrinter, patienceMs: number): Promise<void> {
  const started = monotonicMs()
  while (monotonicMs() - started < patienceMs) {
    const { outcome } = await printer.print(PDF)
    if (outcome === 'printed') return
    await sleep(TRY_AGAIN_MS)
  }
}

async function ippPrinter(): Promise<BenchSubject> {
  const end = await startIppPrinterSimulator({
    listen: 'tcp://127.0.0.1:0',
    millisecondsPerSide: MS_PER_SIDE,
  })
  const printer = supervisePagePrinter({ driver: 'ipp', port: end.port })
  return {
    name: 'page printer, ipp',
    peripheral: printer,
    works: (patienceMs) => prints(printer, patienceMs),
    unplug: async () => {
      await end.unplug()
      return () => end.plug()
    },
    halfOpen: () => end.faults.add({ kind: 'hang' }),
    close: async () => {
      await printer.close()
      await end.close()
    },
  }
}

/** A folder is unplugged when the disk that holds it is. */
function folderPrinter(folder: string): BenchSubject {
  const [here, away] = [join(folder, 'pages'), join(folder, 'away')]
  mkdirSync(here)
  const printer = supervisePagePrinter({ driver: 'directory', port: `dir:${here}` })
  return {
    name: 'page printer, folder',
    peripheral: printer,
    works: (patienceMs) => prints(printer, patienceMs),
    unplug: async () => {
      renameSync(here, away)
      return async () => renameSync(away, here)
    },
    close: () => printer.close(),
  }
}

/** `folder` takes the names of the ptys. */
export async function startSubjects(folder: string): Promise<BenchSubject[]> {
  const wires = ['tcp', 'serial'] as const
  const listen = (wire: (typeof wires)[number], name: string): string =>
    wire === 'tcp' ? 'tcp://127.0.0.1:0' : `pty:${join(folder, name)}`
  const subjects: BenchSubject[] = []
  for (const wire of wires) {
    subjects.push(
      idReader(`id reader, ${wire}`, await startIdReaderSimulator({ listen: listen(wire, 'reader') })),
      scanner(`scanner, ${wire}`, 'serial', await startScannerSimulator({ listen: listen(wire, 'scanner') })),
      await receiptPrinter(`receipt printer, ${wire}`, listen(wire, 'printer')),
      await keypad(`keypad, ${wire}`, listen(wire, 'keypad')),
    )
  }
  subjects.push(
    idReader('id reader, hid raw', startHidIdReaderSimulator({ bus, profile: 'hid-raw' })),
    idReader('id reader, hid wrapped', startHidIdReaderSimulator({ bus, profile: 'hid-wrapped' })),
    scanner('scanner, hid-pos', 'hid-pos', plugHidScanner({ bus })),
    await ippPrinter(),
    folderPrinter(folder),
  )
  return subjects
}
