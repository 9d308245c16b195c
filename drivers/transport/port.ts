/** Port strings of device.json (PROTOCOLS §4): one string says how a peripheral is reached. */

export type Port =
  | { kind: 'serial'; path: string; baud: number }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'hid'; vendorId: number; productId: number }
  | { kind: 'ipp'; url: string }
  | { kind: 'dir'; path: string }

export type ParsedPort = { ok: true; port: Port } | { ok: false; fault: string }

/** Speeds that Linux knows by name and that any of our peripherals is sold with. */
const BAUD_RATES = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600]

const FORMS = 'serial:/dev/…?baud=N, tcp://HOST:PORT, hid:VID:PID, ipp://HOST/printers/NAME or dir:/PATH'

/** Reads a port string; a fault is one line for the technician that quotes the string and says what to write. */
export function parsePort(text: string): ParsedPort {
  const read = readerOf(text)
  const result = read === undefined ? `write ${FORMS}` : read(text)
  return typeof result === 'string'
    ? { ok: false, fault: `port ${text === '' ? '(empty)' : text}: ${result}` }
    : { ok: true, port: result }
}

function readerOf(text: string): ((text: string) => Port | string) | undefined {
  if (text.startsWith('serial:')) return readSerial
  if (text.startsWith('tcp:')) return readTcp
  if (text.startsWith('hid:')) return readHid
  if (text.startsWith('ipp:') || text.startsWith('ipps:')) return readIpp
  if (text.startsWith('dir:')) return readDirectory
  return undefined
}

function readSerial(text: string): Port | string {
  const [path = '', query, ...more] = text.slice('serial:'.length).split('?')
  if (!path.startsWith('/') || hasControl(path)) return 'the serial device must be an absolute path, /dev/…'
  if (query === undefined || more.length > 0) return 'say the speed, as in ?baud=115200'
  const digits = /^baud=(\d{1,7})$/.exec(query)?.[1]
  if (digits === undefined) return 'the only setting of a serial port is its speed, as in ?baud=115200'
  const baud = Number(digits)
  if (!BAUD_RATES.includes(baud)) return `${digits} baud is none of ${BAUD_RATES.join(', ')}`
  return { kind: 'serial', path, baud }
}

function readTcp(text: string): Port | string {
  const match = /^tcp:\/\/(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text)
  const host = match?.[1]
  if (match === null || host === undefined) return 'write tcp://HOST:PORT'
  const port = Number(match[2])
  if (port > 65535) return `${port} is no TCP port`
  // Port 0 is read here because simulators listen on it; connecting to it fails as any dead port does.
  return { kind: 'tcp', host: host.replace(/^\[|\]$/g, ''), port }
}

function readHid(text: string): Port | string {
  const match = /^hid:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})$/.exec(text)
  if (match === null) return 'write hid:VID:PID with four hexadecimal digits each, as lsusb prints them'
  return {
    kind: 'hid',
    vendorId: Number.parseInt(match[1] ?? '', 16),
    productId: Number.parseInt(match[2] ?? '', 16),
  }
}

function readIpp(text: string): Port | string {
  if (!URL.canParse(text)) return 'write ipp://HOST/printers/NAME'
  const url = new URL(text)
  if (url.hostname === '' || url.pathname.length < 2) return 'write ipp://HOST/printers/NAME'
  if (url.username !== '' || url.password !== '') return 'a printer address holds no user name or password'
  return { kind: 'ipp', url: text }
}

function readDirectory(text: string): Port | string {
  const path = text.slice('dir:'.length)
  if (!path.startsWith('/') || hasControl(path)) return 'the folder must be an absolute path, dir:/PATH'
  return { kind: 'dir', path }
}

function hasControl(text: string): boolean {
  for (const character of text) if (character < ' ' || character === '\u007F') return true
  return false
}
