import type { Connection, Opened } from './connection.ts'
import { parsePort } from './port.ts'
import { openSerial } from './serial.ts'
import { openTcp } from './tcp.ts'

const NEVER_ABORTED = new AbortController().signal

/** Opens the wire that a port string names. A port that cannot be opened is a value, never an exception. */
export async function openPort(
  port: string,
  signal: AbortSignal = NEVER_ABORTED,
): Promise<Opened<Connection>> {
  const parsed = parsePort(port)
  if (!parsed.ok) return { ok: false, detail: parsed.fault }
  switch (parsed.port.kind) {
    case 'serial':
      return openSerial(parsed.port.path, parsed.port.baud, port, signal)
    case 'tcp':
      return openTcp(parsed.port.host, parsed.port.port, port, signal)
    case 'hid':
      return { ok: false, detail: `port ${port}: this version cannot open USB HID devices yet` }
    case 'ipp':
      return { ok: false, detail: `port ${port}: this version cannot open IPP printers yet` }
    case 'dir':
      return { ok: false, detail: `port ${port}: a folder is for page printers only` }
  }
}
