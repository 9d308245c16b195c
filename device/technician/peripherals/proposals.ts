/** What a thing that was found can be: which peripheral, by which driver, as which model, at which speed. */
import { ID_READER_HID_IDS, ID_READER_PROFILES, idReaderProfile } from '../../../drivers/id-reader/profile.ts'
import { READER_SPEEDS } from '../../../drivers/id-reader/requests.ts'
import { keypadProfile, keypadProfiles } from '../../../drivers/keypad/profile.ts'
import { RECEIPT_PRINTER_PROFILES, receiptPrinterProfile } from '../../../drivers/receipt-printer/profile.ts'
import { GENERIC_PROFILE, SCANNER_PROFILES, scannerProfile } from '../../../drivers/scanner/profile.ts'
import type { PeripheralName, Proposal } from '../../http/contract.ts'
import { KNOWN_HID, SERIAL_ADAPTERS } from '../doctor/known-models.ts'
import { hidPort } from '../doctor/names.ts'

interface Ids {
  vendorId: number
  productId: number
}

/** What serial scanners and evaluators are delivered with; USB-CDC takes no notice of it. */
const USUAL_BAUD = 9600

/** Names of models are no proposals but patterns: somebody has to write the unit's frames in first. */
const PATTERNS = ['example-table']

/** How a wire is written with a speed; a device server has its own. */
type PortAt = (baud: number) => string

/** Everything that can hang on a serial line. `hints`: what the thing says of itself, if anything. */
export const wireProposals = (
  portAt: PortAt,
  role: 'terminal' | 'pad' | null,
  hints: { ids: Ids | null; words: string },
): Proposal[] => {
  const told = toldBy(hints.ids, hints.words)
  const groups: Record<PeripheralName, Proposal[]> = {
    idReader: readers(portAt),
    scanner: scanners(portAt),
    receiptPrinter: receiptPrinters(portAt),
    pagePrinter: [],
    // A keypad answers what a pad asks.
    keypad: role === 'terminal' ? [] : keypads(portAt),
  }
  const order = ORDER.toSorted((one, other) => Number(other === told) - Number(one === told))
  return order.flatMap((name) => groups[name].map((proposal) => ({ ...proposal, sure: name === told })))
}

/** In a cabinet most lines are one of these, in this order. */
const ORDER: readonly PeripheralName[] = ['idReader', 'scanner', 'receiptPrinter', 'keypad']

/** A HID device that a driver is made for; none for any other. */
export const hidProposals = (device: Ids, isScanner: boolean): Proposal[] => {
  const port = hidPort(device)
  if (ID_READER_HID_IDS.some((ids) => same(ids, device)))
    return [{ name: 'idReader', driver: 'sdt', profile: null, port, sure: true }]
  const known = SCANNER_PROFILES.find((name) => {
    const profile = scannerProfile(name)
    return profile?.driver === 'hid-pos' && profile.hidIds.includes(hidPort(device).slice('hid:'.length))
  })
  if (known === undefined && !isScanner) return []
  return [{ name: 'scanner', driver: 'hid-pos', profile: known ?? null, port, sure: true }]
}

export const pagePrinterProposal = (port: string): Proposal => ({
  name: 'pagePrinter',
  driver: port.startsWith('dir:') ? 'directory' : 'ipp',
  profile: null,
  port,
  sure: true,
})

const readers = (portAt: PortAt): Proposal[] =>
  ID_READER_PROFILES.filter((name) => idReaderProfile(name)?.wire.kind === 'stream').map((profile, index) =>
    possible('idReader', 'sdt', index === 0 ? null : profile, portAt(READER_SPEEDS[0])),
  )

const scanners = (portAt: PortAt): Proposal[] => {
  const names = SCANNER_PROFILES.filter((name) => scannerProfile(name)?.driver === 'serial')
  return names.map((name) =>
    possible('scanner', 'serial', name === GENERIC_PROFILE.serial ? null : name, portAt(USUAL_BAUD)),
  )
}

const receiptPrinters = (portAt: PortAt): Proposal[] =>
  RECEIPT_PRINTER_PROFILES.map((name) =>
    possible('receiptPrinter', 'escpos', name, portAt(receiptPrinterProfile(name)?.baud ?? USUAL_BAUD)),
  )

const keypads = (portAt: PortAt): Proposal[] =>
  (['ff68', 'table'] as const).flatMap((form) =>
    keypadProfiles(form)
      .filter((name) => !PATTERNS.includes(name))
      .map((name) =>
        possible('keypad', form, name, portAt(keypadProfile(form, name)?.baudRates[0] ?? USUAL_BAUD)),
      ),
  )

const possible = (name: PeripheralName, driver: string, profile: string | null, port: string): Proposal => ({
  name,
  driver,
  profile,
  port,
  sure: false,
})

/** Only what the maker has written into the device itself; a bare adapter tells nothing of what hangs on it. */
const toldBy = (ids: Ids | null, words: string): PeripheralName | null => {
  if (/scan|barcode|bar code|imager/i.test(words)) return 'scanner'
  if (/print|pos-?\d{2}|thermal|receipt/i.test(words)) return 'receiptPrinter'
  if (/id ?card|sdt|sam[_ -]?v/i.test(words)) return 'idReader'
  if (ids === null || SERIAL_ADAPTERS.some(({ vendorId }) => vendorId === ids.vendorId)) return null
  return KNOWN_HID.find(({ vendorId }) => vendorId === ids.vendorId)?.peripheral ?? null
}

const same = (one: Ids, other: Ids): boolean =>
  one.vendorId === other.vendorId && one.productId === other.productId
