/** AIM identifiers (ISO/IEC 15424): `]cm` before the data says what kind of code was read (DEVICES §2.2). */

const FAMILIES: Record<string, string> = {
  A: 'Code 39',
  C: 'Code 128',
  d: 'Data Matrix',
  E: 'EAN/UPC',
  e: 'DataBar',
  F: 'Codabar',
  G: 'Code 93',
  H: 'Code 11',
  h: 'Han Xin',
  I: 'Interleaved 2 of 5',
  L: 'PDF417',
  Q: 'QR',
  z: 'Aztec',
  X: 'other',
}

const CLOSING_BRACKET = 0x5d
const IDENTIFIER_BYTES = 3

/** Takes an identifier off the front. `symbology` is the two characters after the bracket, such as `Q1` or `C0`. */
export function splitAim(bytes: Uint8Array): { symbology: string | null; payload: Uint8Array } {
  const code = String.fromCharCode(bytes[1] ?? 0)
  const modifier = String.fromCharCode(bytes[2] ?? 0)
  if (bytes[0] !== CLOSING_BRACKET || FAMILIES[code] === undefined || !/^[0-9A-Za-z]$/.test(modifier)) {
    return { symbology: null, payload: bytes }
  }
  return { symbology: code + modifier, payload: bytes.subarray(IDENTIFIER_BYTES) }
}

/** The name of the family for technicians; the identifier itself when it is none we know. */
export function symbologyName(symbology: string): string {
  return FAMILIES[symbology[0] ?? ''] ?? symbology
}
