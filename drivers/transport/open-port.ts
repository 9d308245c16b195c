import type { Connection, Opened } from './connection.ts'
import { openHid } from './hid.ts'
import { parsePort } from './port.ts'
import { openSerial } from './serial.ts'
import { openTcp } from './tcp.ts'

/** What a driver needs of a port beyond its string. */
export interface Wants {
  /** USB HID: the top-level usage page to open, 8C for barcode scanners. */
  hidUsagePage?: number
}

/** A local device opens in milliseconds; a stuck kernel driver must not hold its supervisor for ever. */
const OPEN_DEADLINE_MS = 3000

/** Opens the wire that a port string names. A port that cannot be opened is a value, never an exception. */
export async function openPort(
  port: string,
  signal?: AbortSignal,
  wants: Wants = {},
): Promise<Opened<Connection>> {
  const parsed = parsePort(port)
  if (!parsed.ok) return { ok: false, detail: parsed.fault }
  switch (parsed.port.kind) {
    case 'serial':
      return inTime(openSerial(parsed.port.path, parsed.port.baud, port), port, signal)
    case 'tcp':
      return openTcp(parsed.port.host, parsed.port.port, port, signal)
    case 'hid': {
      const { vendorId, productId } = parsed.port
      const usagePage = wants.hidUsagePage
      const wanted = usagePage === undefined ? { vendorId, productId } : { vendorId, productId, usagePage }
      return inTime(openHid(wanted, port), port, signal)
    }
    case 'ipp':
      return { ok: false, detail: `port ${port}: a printer at an address is for page printers only` }
    case 'dir':
      return { ok: false, detail: `port ${port}: a folder is for page printers only` }
  }
}

/** Native openings cannot be called off: one that comes too late is closed again. */
async function inTime(
  opening: Promise<Opened<Connection>>,
  port: string,
  signal: AbortSignal | undefined,
): Promise<Opened<Connection>> {
  const { promise: given, resolve: giveUp } = Promise.withResolvers<string>()
  const timer = setTimeout(() => giveUp(`not open within ${OPEN_DEADLINE_MS} ms`), OPEN_DEADLINE_MS)
  const aborted = (): void => giveUp('closed while opening')
  if (signal?.aborted) aborted()
  signal?.addEventListener('abort', aborted, { once: true })
  try {
    const first = await Promise.race([given, opening])
    if (typeof first !== 'string') return first
    void opening.then(
      (late) => {
        if (late.ok) void late.link.close()
      },
      () => {},
    )
    return { ok: false, detail: `port ${port}: ${first}` }
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', aborted)
  }
}
