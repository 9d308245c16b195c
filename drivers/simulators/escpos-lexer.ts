/** Splits ESC/POS bytes into commands, strictly: what a printer would not understand is told, not guessed at. */

export type Command =
  | { kind: 'status-query'; n: number }
  /** `10 05 1` prints the stopped line again, `10 05 2` drops what was not printed. */
  | { kind: 'recover'; printsAgain: boolean }
  | { kind: 'initialise' }
  | { kind: 'chinese-mode'; on: boolean }
  | { kind: 'align'; to: 'left' | 'centre' | 'right' }
  | { kind: 'bold'; on: boolean }
  | { kind: 'latin-size'; width: number; height: number }
  | { kind: 'chinese-size'; width: number; height: number }
  | { kind: 'line-spacing'; dots: number }
  | { kind: 'line-feed' }
  | { kind: 'feed-lines'; lines: number }
  | { kind: 'feed-dots'; dots: number }
  | { kind: 'cut'; feeds: boolean }
  | { kind: 'raster'; bytesPerRow: number; rows: Uint8Array }
  | { kind: 'barcode-height'; dots: number }
  | { kind: 'barcode-module'; dots: number }
  | { kind: 'barcode-text'; below: boolean }
  | { kind: 'barcode'; data: Uint8Array }
  | { kind: 'qr-module'; dots: number }
  | { kind: 'qr-level'; level: 'L' | 'M' | 'Q' | 'H' }
  | { kind: 'qr-store'; data: Uint8Array }
  | { kind: 'qr-print' }
  | { kind: 'print-done'; mark: Uint8Array }
  | { kind: 'marker' }
  | { kind: 'character'; bytes: Uint8Array }
  /** Understood and without an effect on the drawing. */
  | { kind: 'nothing' }

/** A whole command and how many bytes it took. */
export interface Lexed {
  command: Command
  size: number
}

type Read = { size: number; command: Command } | { size: number; misuse: string } | 'incomplete'

/** Longest that one command may be; DEVICES §3 forbids unbounded strips. */
const MAX_COMMAND_BYTES = 65_536
const MAX_STRIP_ROWS = 255

/** What a printer drops when its end is not what it should be; the end of a picture is merely blank. */
const HALF_IS_NOTHING: readonly Command['kind'][] = ['character', 'barcode']

export class EscposLexer {
  #pending: Uint8Array = new Uint8Array(0)
  #chinese = false
  #isTorn = false
  #misuse: (error: string) => void

  constructor(misuse: (error: string) => void) {
    this.#misuse = misuse
  }

  /** The line is another: what becomes of a command that the last one left unfinished is nobody's misuse. */
  interrupted(): void {
    this.#isTorn = this.#pending.length > 0
  }

  push(chunk: Uint8Array): Lexed[] {
    const bytes = Uint8Array.from(Buffer.concat([this.#pending, chunk]))
    const commands: Lexed[] = []
    let at = 0
    while (at < bytes.length) {
      const read = this.#read(bytes.subarray(at))
      if (read === 'incomplete') break
      if ('misuse' in read) {
        if (!this.#isTorn) this.#misuse(read.misuse)
      } else {
        const body = bytes.subarray(at + 1, at + read.size)
        if (holdsRealTime(body)) this.#misuse('a real-time command inside the data of another')
        if (read.command.kind === 'chinese-mode') this.#chinese = read.command.on
        if (read.command.kind === 'initialise') this.#chinese = false
        const isHalf = this.#isTorn && HALF_IS_NOTHING.includes(read.command.kind)
        commands.push({ command: isHalf ? { kind: 'nothing' } : read.command, size: read.size })
      }
      this.#isTorn = false
      at += read.size
    }
    this.#pending = bytes.slice(at)
    return commands
  }

  #read(bytes: Uint8Array): Read {
    const [first = 0] = bytes
    switch (first) {
      case 0x00:
        return { size: 1, command: { kind: 'nothing' } }
      case 0x0a:
        return { size: 1, command: { kind: 'line-feed' } }
      case 0x10:
        return fixed(bytes, 3, readDle)
      case 0x1b:
        return readEsc(bytes)
      case 0x1c:
        return readFs(bytes)
      case 0x1d:
        return readGs(bytes)
    }
    if (first < 0x20 || first === 0x7f) return { size: 1, misuse: `control character ${hex(first)}` }
    if (first < 0x80) return { size: 1, command: { kind: 'character', bytes: bytes.slice(0, 1) } }
    return this.#chinese
      ? readChinese(bytes)
      : { size: 1, misuse: 'a Chinese character outside Chinese mode' }
  }
}

/** GB18030: two bytes, or four when the second is a digit. */
function readChinese(bytes: Uint8Array): Read {
  const second = bytes[1]
  if (second === undefined) return 'incomplete'
  const size = second >= 0x30 && second <= 0x39 ? 4 : 2
  if (bytes.length < size) return 'incomplete'
  return { size, command: { kind: 'character', bytes: bytes.slice(0, size) } }
}

function fixed(bytes: Uint8Array, size: number, read: (bytes: Uint8Array) => Command | undefined): Read {
  if (bytes.length < size) return 'incomplete'
  const command = read(bytes)
  if (command !== undefined) return { size, command }
  return { size, misuse: `no such command: ${[...bytes.subarray(0, size)].map(hex).join(' ')}` }
}

function readDle([, second, n = 0]: Uint8Array): Command | undefined {
  if (second === 0x04 && n >= 1 && n <= 4) return { kind: 'status-query', n }
  return second === 0x05 && (n === 1 || n === 2) ? { kind: 'recover', printsAgain: n === 1 } : undefined
}

function readEsc(bytes: Uint8Array): Read {
  const [, second, n = 0] = bytes
  switch (second) {
    case undefined:
      return 'incomplete'
    case 0x40:
      return { size: 2, command: { kind: 'initialise' } }
    case 0x61:
      return fixed(bytes, 3, () => {
        const to = (['left', 'centre', 'right'] as const)[n]
        return to === undefined ? undefined : { kind: 'align', to }
      })
    case 0x45:
      return fixed(bytes, 3, () => (n <= 1 ? { kind: 'bold', on: n === 1 } : undefined))
    case 0x33:
      return fixed(bytes, 3, () => ({ kind: 'line-spacing', dots: n }))
    case 0x64:
      return fixed(bytes, 3, () => ({ kind: 'feed-lines', lines: n }))
    case 0x4a:
      return fixed(bytes, 3, () => ({ kind: 'feed-dots', dots: n }))
    default:
      return { size: 2, misuse: `no such command: 1B ${hex(second)}` }
  }
}

function readFs(bytes: Uint8Array): Read {
  const [, second, n = 0] = bytes
  switch (second) {
    case undefined:
      return 'incomplete'
    case 0x26:
      return { size: 2, command: { kind: 'chinese-mode', on: true } }
    case 0x2e:
      return { size: 2, command: { kind: 'chinese-mode', on: false } }
    case 0x57:
      return fixed(bytes, 3, () =>
        n <= 1 ? { kind: 'chinese-size', width: n + 1, height: n + 1 } : undefined,
      )
    case 0x21:
      // Bit 2 doubles the width, bit 3 the height; underlining (bit 7) is not drawn and so not allowed here.
      return fixed(bytes, 3, () =>
        (n & ~0x0c) === 0
          ? { kind: 'chinese-size', width: (n & 4) === 0 ? 1 : 2, height: (n & 8) === 0 ? 1 : 2 }
          : undefined,
      )
    default:
      return { size: 2, misuse: `no such command: 1C ${hex(second)}` }
  }
}

function readGs(bytes: Uint8Array): Read {
  const [, second, n = 0] = bytes
  switch (second) {
    case undefined:
      return 'incomplete'
    case 0x21:
      return fixed(bytes, 3, () => ({ kind: 'latin-size', width: (n >> 4) + 1, height: (n & 0x0f) + 1 }))
    case 0x56:
      return readCut(bytes)
    case 0x68:
      return fixed(bytes, 3, () => (n > 0 ? { kind: 'barcode-height', dots: n } : undefined))
    case 0x77:
      return fixed(bytes, 3, () => (n >= 2 && n <= 6 ? { kind: 'barcode-module', dots: n } : undefined))
    case 0x48:
      return fixed(bytes, 3, () =>
        n === 0 || n === 2 ? { kind: 'barcode-text', below: n === 2 } : undefined,
      )
    case 0x72:
      return fixed(bytes, 3, () => (n === 1 ? { kind: 'marker' } : undefined))
    case 0x76:
      return readRaster(bytes)
    case 0x6b:
      return readBarcode(bytes)
    case 0x28:
      return readBlock(bytes)
    default:
      return { size: 2, misuse: `no such command: 1D ${hex(second)}` }
  }
}

function readCut(bytes: Uint8Array): Read {
  const kind = bytes[2]
  if (kind === undefined) return 'incomplete'
  if (kind === 0x42) return fixed(bytes, 4, () => ({ kind: 'cut', feeds: true }))
  return fixed(bytes, 3, () => (kind === 0 || kind === 1 ? { kind: 'cut', feeds: false } : undefined))
}

function readRaster(bytes: Uint8Array): Read {
  if (bytes.length < 8) return 'incomplete'
  const [, , third, mode, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = bytes
  const bytesPerRow = xLow | (xHigh << 8)
  const height = yLow | (yHigh << 8)
  const size = 8 + bytesPerRow * height
  if (third !== 0x30 || mode !== 0) return { size: 4, misuse: 'a picture in a mode this printer has not' }
  if (height > MAX_STRIP_ROWS || size > MAX_COMMAND_BYTES) {
    return { size: 8, misuse: `a picture strip of ${height} rows` }
  }
  if (bytes.length < size) return 'incomplete'
  return { size, command: { kind: 'raster', bytesPerRow, rows: bytes.slice(8, size) } }
}

function readBarcode(bytes: Uint8Array): Read {
  const [, , system, length] = bytes
  if (system === undefined || length === undefined) return 'incomplete'
  if (system !== 0x49) return { size: 3, misuse: `barcode system ${hex(system)}` }
  if (bytes.length < 4 + length) return 'incomplete'
  return { size: 4 + length, command: { kind: 'barcode', data: bytes.slice(4, 4 + length) } }
}

/** `1D 28 x pL pH …`: QR codes (6B) and print-done (48). */
function readBlock(bytes: Uint8Array): Read {
  if (bytes.length < 5) return 'incomplete'
  const [, , block = 0, low = 0, high = 0] = bytes
  const size = 5 + (low | (high << 8))
  if (bytes.length < size) return 'incomplete'
  const body = bytes.slice(5, size)
  const command = block === 0x6b ? readQr(body) : block === 0x48 ? readPrintDone(body) : undefined
  return command === undefined
    ? { size, misuse: `no such command: 1D 28 ${hex(block)} ${[...body.subarray(0, 3)].map(hex).join(' ')}` }
    : { size, command }
}

function readQr(body: Uint8Array): Command | undefined {
  const [code, what, n = 0] = body
  if (code !== 0x31) return undefined
  switch (what) {
    case 0x41:
      return n === 0x32 && body.length === 4 ? { kind: 'nothing' } : undefined
    case 0x43:
      return n >= 1 && n <= 16 ? { kind: 'qr-module', dots: n } : undefined
    case 0x45: {
      const level = (['L', 'M', 'Q', 'H'] as const)[n - 0x30]
      return level === undefined ? undefined : { kind: 'qr-level', level }
    }
    case 0x50:
      return n === 0x30 && body.length > 3 ? { kind: 'qr-store', data: body.slice(3) } : undefined
    case 0x51:
      return n === 0x30 ? { kind: 'qr-print' } : undefined
    default:
      return undefined
  }
}

function readPrintDone(body: Uint8Array): Command | undefined {
  const mark = body.slice(2)
  const printable = mark.length === 4 && mark.every((byte) => byte >= 0x20 && byte <= 0x7e)
  return body[0] === 0x30 && body[1] === 0x30 && printable ? { kind: 'print-done', mark } : undefined
}

/** Printers obey `10 04 n`, `10 05 n` and `10 14 …` wherever they stand, so nothing else may hold them. */
function holdsRealTime(body: Uint8Array): boolean {
  return body.some((byte, index) => {
    const [second, n = 0] = [body[index + 1], body[index + 2]]
    if (byte !== 0x10) return false
    return (second === 0x04 && n >= 1 && n <= 4) || (second === 0x05 && n >= 1 && n <= 2) || second === 0x14
  })
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
