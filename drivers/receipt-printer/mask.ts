/**
 * What may be seen of a receipt printer's wire: commands and answers; never the text, the codes and the pictures of a
 * receipt, which may be somebody's (rare characters are pictures, DEVICES §6 row 16).
 */
import type { ByteMask } from '../transport/tap.ts'

const ESC = 0x1b
const FS = 0x1c
const GS = 0x1d
const DLE = 0x10
const LEADS = [ESC, FS, GS, DLE]

/** Line feed, and the filling that prints nothing: no part of a character in GB18030. */
const PLAIN = [0x00, 0x0a]

/** Real-time questions (`10 04 n`, `10 05 n`) are written by themselves, between any two commands. */
const REAL_TIME_BYTES = 3
const REAL_TIME = [0x04, 0x05]

/** `1D 28 6B` with this function stores what a QR code says. */
const STORES_QR = 0x50
/** Of the other functions: model, size and level of a code, and the print-done request. */
const SHORT_PARAMETERS = 6

/** What has to come after a head like this: more of the head, so many bytes of the command, or nobody knows. */
type Next = { kind: 'head' } | { kind: 'rest'; bytes: number; shown: boolean } | { kind: 'unknown' }

const HEAD: Next = { kind: 'head' }
const DONE: Next = { kind: 'rest', bytes: 0, shown: true }
const UNKNOWN: Next = { kind: 'unknown' }

export function receiptPrinterMask(): ByteMask {
  /** Where commands begin is only known from an initialisation on, which every document begins with. */
  let isInStep = false
  let head: number[] = []
  let rest = { bytes: 0, shown: true }

  const lose = (): void => {
    isInStep = false
    head = []
    rest = { bytes: 0, shown: true }
  }
  const take = (byte: number): boolean => {
    if (rest.bytes > 0) {
      rest.bytes -= 1
      return rest.shown
    }
    if (head.length === 0 && !LEADS.includes(byte)) return PLAIN.includes(byte)
    head.push(byte)
    const next = after(head)
    switch (next.kind) {
      case 'head':
        return true
      case 'rest':
        head = []
        rest = { bytes: next.bytes, shown: next.shown }
        return true
      case 'unknown':
        lose()
        return false
    }
  }
  return {
    begin: lose,
    shown: (direction, bytes) => {
      if (direction === 'in' || isRealTime(bytes)) return Array.from(bytes, () => true)
      if (!isInStep && bytes[0] === ESC && bytes[1] === 0x40) isInStep = true
      return Array.from(bytes, (byte) => isInStep && take(byte))
    },
  }
}

function isRealTime(bytes: Uint8Array): boolean {
  return bytes.length === REAL_TIME_BYTES && bytes[0] === DLE && REAL_TIME.includes(bytes[1] ?? 0)
}

/** The commands of DEVICES §3. One that is not among them ends what can be shown. */
function after(head: readonly number[]): Next {
  const [lead, command, third = 0, low = 0, high = 0] = head
  if (command === undefined) return HEAD
  const whole = (length: number): Next => (head.length < length ? HEAD : DONE)
  switch (lead) {
    case DLE:
      return REAL_TIME.includes(command) ? whole(3) : UNKNOWN
    case ESC:
      if (command === 0x40) return DONE
      return [0x33, 0x45, 0x4a, 0x61, 0x64].includes(command) ? whole(3) : UNKNOWN
    case FS:
      if (command === 0x26 || command === 0x2e) return DONE
      return command === 0x57 || command === 0x21 ? whole(3) : UNKNOWN
    case GS:
      break
    default:
      return UNKNOWN
  }
  switch (command) {
    case 0x21:
    case 0x48:
    case 0x49:
    case 0x61:
    case 0x68:
    case 0x72:
    case 0x77:
      return whole(3)
    case 0x56:
      return whole(third === 0x42 ? 4 : 3)
    case 0x76: {
      if (head.length < 8) return HEAD
      const [, , , , xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = head
      return { kind: 'rest', bytes: (xLow + xHigh * 256) * (yLow + yHigh * 256), shown: false }
    }
    case 0x6b:
      return head.length < 4 ? HEAD : { kind: 'rest', bytes: low, shown: false }
    case 0x28: {
      if (head.length < 7) return HEAD
      const parameters = low + high * 256
      const isCode = third === 0x6b && head[6] !== STORES_QR
      const shown = parameters <= SHORT_PARAMETERS && (isCode || third === 0x48)
      return { kind: 'rest', bytes: Math.max(0, parameters - 2), shown }
    }
    default:
      return UNKNOWN
  }
}
