import { TextDecoder } from 'node:util'
import { splitAim } from './aim.ts'
import type { RawScan } from './raw-scan.ts'

/** What a scanner saw: text, or something that no field of this program may take. */
export type Scan =
  | { kind: 'scanned'; text: string; symbology: string | null }
  | { kind: 'rejected'; reason: 'too-long' | 'not-text' }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

/**
 * What no eye sees, or each screen shows otherwise: C1 controls, which only appear once the bytes are characters,
 * byte order, zero-width and bidirectional marks, private-use characters. Codes that read alike are to be alike.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}]/gu

/** One code as it came to what it says. The bytes are wiped: nobody may need them twice. */
export function readScan(raw: RawScan): Scan {
  if (raw.kind === 'too-long') return { kind: 'rejected', reason: 'too-long' }
  // To whoever holds the paper, a code with a part missing is one that could not be read: scan it once more.
  if (raw.kind === 'incomplete') return { kind: 'rejected', reason: 'not-text' }
  const scan = decodeScan(raw.bytes, raw.symbology)
  raw.bytes.fill(0)
  return scan
}

/**
 * Raw bytes of one code to text: strict UTF-8, then GB18030, which Chinese scanners send by default (DEVICES
 * §2.1). An AIM identifier is looked for in front of the text unless the wire has named the symbology already.
 */
export function decodeScan(raw: Uint8Array, symbology?: string): Scan {
  const printable = raw.filter((byte) => !isControl(byte))
  const split = symbology === undefined ? splitAim(printable) : { symbology, payload: printable }
  const decoded = strictly(utf8, split.payload) ?? strictly(gb18030, split.payload)
  printable.fill(0)
  const text = decoded?.replace(INVISIBLE, '')
  if (text === undefined || text.trim() === '') return { kind: 'rejected', reason: 'not-text' }
  return { kind: 'scanned', text, symbology: split.symbology }
}

/** C0 controls and DEL, none of which is ever a part of a character in UTF-8 or GB18030. */
function isControl(byte: number): boolean {
  return byte < 0x20 || byte === 0x7f
}

function strictly(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
