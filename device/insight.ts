/** What a running device lets a technician see of it, and do with it. */
import type { IdReader } from '../drivers/id-reader/driver.ts'
import type { Keypad } from '../drivers/keypad/driver.ts'
import type { PagePrinter } from '../drivers/page-printer/driver.ts'
import type { ReceiptPrinter } from '../drivers/receipt-printer/driver.ts'
import type { Scanner } from '../drivers/scanner/driver.ts'
import type { Peripheral } from '../drivers/status.ts'
import type { HallClient } from '../sync/hall-client.ts'
import type { Identity } from '../sync/identity.ts'
import type { Outbox } from '../sync/outbox.ts'
import type { Db } from '../sync/sqlite.ts'
import type { Configuration } from './configuration.ts'
import type { Documents } from './documents/documents.ts'
import type { DeviceHealth } from './health/health.ts'
import type { PeripheralName } from './http/contract.ts'
import type { AppliedSettings } from './settings.ts'
import type { StorageAlarm } from './storage-watch.ts'

export interface Insight {
  configuration: Configuration
  /** RFC 3339. */
  startedAt: string
  peripherals: {
    idReader: IdReader | null
    scanner: Scanner | null
    receiptPrinter: ReceiptPrinter | null
    pagePrinter: PagePrinter | null
    keypad: Keypad | null
    /** Those that are bound. */
    all(): { name: PeripheralName; peripheral: Peripheral }[]
    /**
     * From here on cards and codes are the technician's and nobody's session; gives them back when called. Nothing is
     * taken from a citizen: refused (null) while a session is open or a question stands. A card that is lifted is told
     * to both.
     */
    borrow(): (() => void) | null
  }
  identity: Identity
  outbox: Outbox
  db: Db
  client: HallClient
  settings: () => AppliedSettings
  contentVersion: () => string | null
  settingsVersion: () => string | null
  online: () => boolean
  storageAlarm: () => StorageAlarm | null
  /** What is wrong with it and has lasted. */
  health: DeviceHealth
  /** Goes on sending to the hall after a stop that somebody has seen to, or now that something is to be sent again. */
  resumeSending(): void
  /** A terminal's; null on a pad until it is asked to set type. */
  documents: Documents | null
}
