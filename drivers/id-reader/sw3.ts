/** SW3, the reader's own status, the third byte of every reply (DEVICES §1.3). */

export const DONE = 0x90
export const CARD_FOUND = 0x9f
export const FIND_FAILED = 0x80
export const SELECT_FAILED = 0x81
export const READ_FAILED = 0x41
export const NOT_ON_CARD = 0x91
export const UNKNOWN_COMMAND = 0x21
export const PRINTS_FAILED = 0x37

const MEANINGS = new Map<number, string>([
  [0x10, 'checksum error'],
  [0x11, 'length error'],
  [UNKNOWN_COMMAND, 'unknown command'],
  [0x23, 'not authorised'],
  [0x24, 'unrecognised error'],
  [0x31, 'the card did not accept the SAM'],
  [0x32, 'the SAM did not accept the card'],
  [0x33, 'information check failed'],
  [PRINTS_FAILED, 'fingerprint check failed'],
  [0x3f, 'length error'],
  [0x40, 'unknown kind of card'],
  [READ_FAILED, 'read failed'],
  [0x47, 'random number failed'],
  [0x60, 'SAM self-test failed'],
  [0x66, 'SAM not authorised'],
  [FIND_FAILED, 'find failed'],
  [SELECT_FAILED, 'select failed'],
  [DONE, 'done'],
  [NOT_ON_CARD, 'item not on the card'],
  [CARD_FOUND, 'card found'],
])

export const KNOWN_SW3: readonly number[] = [...MEANINGS.keys()]

/** The security module itself is out of order: no card can be read by this reader, whoever places one. */
const SAM_OUT_OF_ORDER: ReadonlySet<number> = new Set([0x60, 0x66])

/** The reader did not understand the question: noise on the way to it. Says nothing of any card. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([0x10, 0x11, UNKNOWN_COMMAND, 0x24, 0x3f])

export function isSamOutOfOrder(sw3: number): boolean {
  return SAM_OUT_OF_ORDER.has(sw3)
}

export function isNotUnderstood(sw3: number): boolean {
  return NOT_UNDERSTOOD.has(sw3)
}

/** To a read with fingerprints: the reader or the card has none to give, and the rest can be read without. */
export function givesNoPrints(sw3: number): boolean {
  return sw3 === PRINTS_FAILED || sw3 === NOT_ON_CARD || sw3 === UNKNOWN_COMMAND
}

/** To a question to a card that was read: it does not lie there any more. */
export function saysNoCard(sw3: number): boolean {
  return sw3 === READ_FAILED || sw3 === FIND_FAILED
}

/** A status in words for technicians, such as `read failed (41)`. */
export function describeSw3(sw3: number): string {
  return `${MEANINGS.get(sw3) ?? 'unknown status'} (${sw3.toString(16).toUpperCase().padStart(2, '0')})`
}
