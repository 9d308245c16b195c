/** The peripherals of this configuration, and one stream of events for the rest of the house. */
import { type CardEvent, type IdReader, superviseIdReader } from '../../drivers/id-reader/driver.ts'
import { type Keypad, superviseKeypad } from '../../drivers/keypad/driver.ts'
import { type PagePrinter, supervisePagePrinter } from '../../drivers/page-printer/driver.ts'
import { type ReceiptPrinter, superviseReceiptPrinter } from '../../drivers/receipt-printer/driver.ts'
import { type Scan, type Scanner, superviseScanner } from '../../drivers/scanner/driver.ts'
import type { FaultReason, Peripheral, PeripheralStatus } from '../../drivers/status.ts'
import type { EventData } from '../../sync/protocol/events.ts'
import type { PeripheralsConfiguration } from '../configuration.ts'
import type { PeripheralName, PeripheralView } from '../http/contract.ts'
import { lastingChange } from './lasting-change.ts'

export type PeripheralEvent =
  | { kind: 'card'; event: CardEvent }
  | { kind: 'scan'; scan: Scan }
  | { kind: 'status'; name: PeripheralName; status: PeripheralStatus }
  /** A status that has lasted: a fact for the chain. */
  | { kind: 'fact'; fact: EventData<'peripheral'> }

export interface Peripherals {
  readonly idReader: IdReader | null
  readonly scanner: Scanner | null
  readonly receiptPrinter: ReceiptPrinter | null
  readonly pagePrinter: PagePrinter | null
  /** Asks and listens for whoever puts questions to citizens; here only its status is looked after. */
  readonly keypad: Keypad | null
  /** Those that are bound. */
  all(): { name: PeripheralName; peripheral: Peripheral }[]
  isReady(name: PeripheralName): boolean
  /** null where it works, or is none of this device. */
  troubleOf(name: PeripheralName): FaultReason | null
  views(): Partial<Record<PeripheralName, PeripheralView>>
  /** Closes every supervisor; no event comes afterwards. */
  close(): Promise<void>
}

export interface PeripheralsOptions {
  configuration: PeripheralsConfiguration
  listener: (event: PeripheralEvent) => void
  /** Whether cards are for anybody: a pad has a reader beside it at most for its status, and reads nobody's card. */
  takesCards: boolean
  lastingMs?: number
}

/** Returns at once, whatever the ports are like. */
export const startPeripherals = ({
  configuration,
  listener,
  takesCards,
  lastingMs,
}: PeripheralsOptions): Peripherals => {
  const idReader: IdReader | null = configuration.idReader
    ? superviseIdReader({ ...configuration.idReader, reads: takesCards })
    : null
  const scanner: Scanner | null = configuration.scanner ? superviseScanner(configuration.scanner) : null
  const receiptPrinter = configuration.receiptPrinter
    ? superviseReceiptPrinter(configuration.receiptPrinter)
    : null
  const pagePrinter = configuration.pagePrinter ? supervisePagePrinter(configuration.pagePrinter) : null
  const keypad = configuration.keypad ? superviseKeypad(configuration.keypad) : null
  const named: [PeripheralName, Peripheral | null][] = [
    ['idReader', idReader],
    ['scanner', scanner],
    ['receiptPrinter', receiptPrinter],
    ['pagePrinter', pagePrinter],
    ['keypad', keypad],
  ]
  const all = named.flatMap(([name, peripheral]) => (peripheral === null ? [] : [{ name, peripheral }]))

  const watches = all.map(({ name, peripheral }) => {
    const lasting = lastingChange(
      (status) => listener({ kind: 'fact', fact: factOf(name, status) }),
      lastingMs,
    )
    const see = (status: PeripheralStatus): void => {
      lasting.see(status)
      listener({ kind: 'status', name, status })
    }
    lasting.see(peripheral.status())
    peripheral.onStatus(see)
    return lasting
  })
  idReader?.onCard((event) => listener({ kind: 'card', event }))
  scanner?.onScan((scan) => listener({ kind: 'scan', scan }))

  return {
    idReader,
    scanner,
    receiptPrinter,
    pagePrinter,
    keypad,
    all: () => [...all],
    isReady: (name) => all.some((one) => one.name === name && one.peripheral.status().state === 'ready'),
    troubleOf(name) {
      const status = all.find((one) => one.name === name)?.peripheral.status()
      return status?.state === 'fault' ? status.reason : null
    },
    views: () => Object.fromEntries(all.map(({ name, peripheral }) => [name, viewOf(peripheral.status())])),
    async close() {
      for (const watch of watches) watch.stop()
      await Promise.all(all.map(({ peripheral }) => peripheral.close()))
    },
  }
}

const viewOf = (status: PeripheralStatus): PeripheralView => ({
  state: status.state,
  since: status.since,
  reason: status.state === 'fault' ? status.reason : null,
  warnings: status.state === 'ready' ? [...status.warnings] : [],
})

const factOf = (
  peripheral: PeripheralName,
  status: Exclude<PeripheralStatus, { state: 'connecting' }>,
): EventData<'peripheral'> => ({
  peripheral,
  state: status.state,
  reason: status.state === 'fault' ? status.reason : null,
  warnings: status.state === 'ready' ? [...status.warnings] : [],
  since: status.since,
})
