import { TextDecoder } from 'node:util'
import { splitAim } from './aim.ts'

/** What a scanner saw: text, or something that no field of this program may take. */
export type Scan =
  | { kind: 'scanned'; text: string; symbology: string | null }
  | { kind: 'rejected'; reason: 'too-long' | 'not-text' }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

/** Raw bytes of one code to text: strict UTF-8, then GB18030, which Chinese scanners send by default (§2.1). */
export function decodeScan(raw: Uint8Array): Scan {
  const { symbology, payload } = splitAim(raw.filter((byte) => !isControl(byte)))
  // C1 controls only appear once the bytes are characters; U+FEFF is a byte order mark, never part of a number.
  const text = (strictly(utf8, payload) ?? strictly(gb18030, payload))?.replace(/[\u0080-\u009f\ufeff]/g, '')
  if (text === undefined || text.trim() === '') return { kind: 'rejected', reason: 'not-text' }
  return { kind: 'scanned', text, symbology }
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
