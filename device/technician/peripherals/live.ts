/** The bytes of one peripheral while they pass, as far as they are nobody's. */
import { idReaderMask } from '../../../drivers/id-reader/mask.ts'
import { profileFor } from '../../../drivers/id-reader/profile.ts'
import { keypadMask } from '../../../drivers/keypad/mask.ts'
import { ippMask } from '../../../drivers/page-printer/mask.ts'
import { readTarget } from '../../../drivers/page-printer/target.ts'
import { receiptPrinterMask } from '../../../drivers/receipt-printer/mask.ts'
import { scannerMask } from '../../../drivers/scanner/mask.ts'
import { scannerProfile } from '../../../drivers/scanner/profile.ts'
import { type ByteMask, type SeenBytes, watchBytes } from '../../../drivers/transport/tap.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import type { LiveBytes, PeripheralName } from '../../http/contract.ts'
import type { Entry } from './entries.ts'

/** What one scrolls through; older ones are gone. */
const LINES_AT_MOST = 200
/** An eye follows no more, and each telling carries all lines. */
const TOLD_EVERY_MS = 250

export interface LiveLook {
  readonly entry: Entry
  state(): LiveBytes
  stop(): void
}

/** Null where no bytes pass that could be seen: a folder. `isSecret`: a key pressed now is a citizen's. */
export const startLiveLook = (
  entry: Entry,
  isSecret: () => boolean,
  onChange: () => void,
): LiveLook | null => {
  const wire = wireOf(entry, isSecret)
  if (wire === null) return null
  const lines: LiveBytes['lines'] = []
  const bytes = { in: 0, out: 0 }
  let telling: NodeJS.Timeout | undefined
  const tell = (): void => {
    telling ??= setTimeout(() => {
      telling = undefined
      onChange()
    }, TOLD_EVERY_MS)
  }
  const see = (seen: SeenBytes): void => {
    bytes[seen.direction] += seen.count
    lines.push({ at: formatInstant(new Date()), ...seen })
    if (lines.length > LINES_AT_MOST) lines.splice(0, lines.length - LINES_AT_MOST)
    tell()
  }
  const unwatch = watchBytes(wire.port, wire.mask, see)
  return {
    entry,
    state: () => ({ name: entry.name, bytesIn: bytes.in, bytesOut: bytes.out, lines: [...lines] }),
    stop: () => {
      unwatch()
      clearTimeout(telling)
    },
  }
}

const wireOf = (
  { name, driver, profile, port }: Entry,
  isSecret: () => boolean,
): { port: string; mask: ByteMask } | null => {
  const mask = maskOf(name, { driver, profile, port }, isSecret)
  if (mask === null) return null
  if (name !== 'pagePrinter') return { port, mask }
  const read = readTarget(port)
  return read.ok ? { port: read.target.uri, mask } : null
}

const maskOf = (
  name: PeripheralName,
  { driver, profile, port }: Omit<Entry, 'name'>,
  isSecret: () => boolean,
): ByteMask | null => {
  switch (name) {
    case 'idReader': {
      const chosen = profileFor(port, profile ?? undefined)
      return chosen.ok ? idReaderMask(chosen.profile) : null
    }
    case 'scanner': {
      const chosen = scannerProfile(profile ?? (driver === 'hid-pos' ? 'generic-hid-pos' : 'generic-serial'))
      return chosen === undefined ? null : scannerMask(chosen)
    }
    case 'receiptPrinter':
      return receiptPrinterMask()
    case 'pagePrinter':
      return driver === 'ipp' ? ippMask() : null
    case 'keypad':
      return keypadMask(isSecret)
  }
}
