/** Names for USB devices by their identity, from the profiles that drivers work by. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Usage } from '../../../drivers/discovery/hid-devices.ts'
import { ID_READER_HID_IDS } from '../../../drivers/id-reader/profile.ts'
import { SCANNER_HID_IDS } from '../../../drivers/scanner/profile.ts'
import type { PeripheralName } from './findings.ts'

interface UsbIds {
  vendorId: number
  productId: number
}

export interface KnownModel extends UsbIds {
  peripheral: PeripheralName
}

/** HID devices that a driver is made for. */
export const KNOWN_HID: readonly KnownModel[] = [
  ...ID_READER_HID_IDS.map((ids) => ({ ...idsOf(ids), peripheral: 'idReader' as const })),
  ...SCANNER_HID_IDS.map((ids) => ({ ...idsOf(ids), peripheral: 'scanner' as const })),
]

const adaptersSchema = z.array(
  z.strictObject({ id: z.string().regex(/^[0-9A-F]{4}:[0-9A-F]{4}$/), title: z.string().min(1) }),
)

const ADAPTERS_FILE = new URL('../../../drivers/profiles/serial-adapters.json', import.meta.url)

/** The bridges in kiosks' USB serial cables. Modems are none of them: those stay ModemManager's. */
export const SERIAL_ADAPTERS: readonly (UsbIds & { title: string })[] = adaptersSchema
  .parse(JSON.parse(readFileSync(ADAPTERS_FILE, 'utf8')))
  .map(({ id, title }) => {
    const [vendorId = 0, productId = 0] = id.split(':').map((part) => Number.parseInt(part, 16))
    return { vendorId, productId, title }
  })

/** HID usage tables: scanners in HID-POS mode, whoever made them. */
export const SCANNER_PAGE = 0x8c

/** What a HID device would be bound as; null when it is none of ours, as mice and keyboards are. */
export const peripheralOf = (device: UsbIds & { usages: readonly Usage[] }): PeripheralName | null =>
  KNOWN_HID.find((model) => sameIds(model, device))?.peripheral ??
  (device.usages.some(({ page }) => page === SCANNER_PAGE) ? 'scanner' : null)

/** HID usage tables: how a scanner comes out of its box, too. */
const KEYBOARD: Usage = { page: 0x01, usage: 0x06 }

export const isKeyboard = ({ usages }: { usages: readonly Usage[] }): boolean =>
  usages.some(({ page, usage }) => page === KEYBOARD.page && usage === KEYBOARD.usage)

/** Its chip by its maker's name, null when it is no serial adapter that is known. */
export const serialAdapterTitle = (device: UsbIds): string | null =>
  SERIAL_ADAPTERS.find((adapter) => sameIds(adapter, device))?.title ?? null

function idsOf({ vendorId, productId }: UsbIds): UsbIds {
  return { vendorId, productId }
}

const sameIds = (one: UsbIds, other: UsbIds): boolean =>
  one.vendorId === other.vendorId && one.productId === other.productId
