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
export const IDENTIFIER_BYTES = 3

/** The two characters after the bracket, such as `Q1` or `C0`; undefined when no identifier stands in front. */
export function symbologyOf(bytes: Uint8Array): string | undefined {
  const code = String.fromCharCode(bytes[1] ?? 0)
  const modifier = String.fromCharCode(bytes[2] ?? 0)
  if (bytes[0] !== CLOSING_BRACKET || FAMILIES[code] === undefined) return undefined
  return /^[0-9A-Za-z]$/.test(modifier) ? code + modifier : undefined
}

/** Takes an identifier off the front. */
export function splitAim(bytes: Uint8Array): { symbology: string | null; payload: Uint8Array } {
  const symbology = symbologyOf(bytes)
  if (symbology === undefined) return { symbology: null, payload: bytes }
  return { symbology, payload: bytes.subarray(IDENTIFIER_BYTES) }
}

/** The name of the family for technicians; the identifier itself when it is none we know. */
export function symbologyName(symbology: string): string {
  return FAMILIES[symbology[0] ?? ''] ?? symbology
}
