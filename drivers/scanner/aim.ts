/**
 * AIM identifiers (ISO/IEC 15424): `]cm` before the data says what kind of code was read (DEVICES §2.2). Any that
 * has the shape is one: scanners know more kinds of code than any list of ours.
 */

const IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]$/
export const IDENTIFIER_BYTES = 3

/** The two characters after the bracket, such as `Q1` or `C0`; undefined when no identifier stands in front. */
export function symbologyOf(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, IDENTIFIER_BYTES))
  return IDENTIFIER.test(beginning) ? beginning.slice(1) : undefined
}

/** Takes an identifier off the front. */
export function splitAim(bytes: Uint8Array): { symbology: string | null; payload: Uint8Array } {
  const symbology = symbologyOf(bytes)
  if (symbology === undefined) return { symbology: null, payload: bytes }
  return { symbology, payload: bytes.subarray(IDENTIFIER_BYTES) }
}
