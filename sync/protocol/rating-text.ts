/**
 * A rating told by its bytes alone. Most of a backlog are ratings, all written by one serialiser: a single pattern over
 * the bytes as they came says that they are canonical, whole, and keep every rule of the envelope and of a rating, at a
 * tenth of what reading them, canonicalising and the schemas cost. Its yes is `checkEvent`'s yes, which a test holds
 * it to; of everything else it says nothing, and `checkEvent` judges.
 */
import { hash } from 'node:crypto'
import { envelopeTail, INSTANT } from './envelope-text.ts'
import { MAX_EVENT_BYTES } from './events.ts'

/** Valid UTF-8, and the same bytes as one character each: in it every place is a place in the bytes. */
export interface ReceivedBytes {
  bytes: Buffer
  view: string
}

export interface PlainRating {
  text: string
  /** In the bytes that it was found in: where it ends. */
  end: number
  source: string
  epoch: number
  sequence: number
  hash: string
  prevhash: string
  /** Null for a service without a case. */
  rated: {
    caseNo: string
    serviceNumber: number
    assessNumber: number
    reasonPending: boolean
    capturedAt: string
  } | null
}

/**
 * Text without any escape. Bytes are counted where the schema counts UTF-16 units, of which there are never more: what
 * is too long by bytes alone is left to the schema.
 */
const words = (atLeast: number, atMost: number): string => `"[^"\\\\\\x00-\\x1f]{${atLeast},${atMost}}"`
const orNull = (pattern: string): string => `(?:null|${pattern})`

const MAX_SEALED_LENGTH = 8192
const PART = `[A-Za-z0-9_-]{1,${MAX_SEALED_LENGTH}}`
const SEALED = orNull(`"${PART}\\.\\.${PART}\\.[A-Za-z0-9_-]{0,${MAX_SEALED_LENGTH}}\\.${PART}"`)
const QUOTES_LENGTH = 2

const CASE =
  `\\{"caseNo":"([0-9A-Za-z]{1,50})","handleItem":${orNull(words(0, 33))},"itemCode":"[0-9A-Za-z]{1,33}"` +
  `,"itemName":${words(1, 200)},"serviceName":${words(0, 200)},"serviceNumber":([1-9]\\d{0,14})` +
  `,"ticketNo":${orNull(words(0, 32))}\\}`

/** Members in the order of RFC 8785, numbers as it writes them; behind `user` the envelope goes on. */
const RATING = new RegExp(
  `\\{"data":\\{"anonymous":(true|false),"askedAt":"${INSTANT}","assessNumber":([12]),"capturedAt":"(${INSTANT})"` +
    `,"case":${orNull(CASE)},"channel":"(?:pad|terminal|keypad)"` +
    ',"clock":\\{"offsetMs":(?:null|0|-?[1-9]\\d{0,14}),"synchronized":(?:true|false)\\}' +
    `,"comment":(${SEALED}),"dictionary":${words(1, 32)},"labels":\\[((?:"\\d{3}"(?:,"\\d{3}"){0,7})?)\\]` +
    ',"level":([1-5]),"proof":"(?:none|receipt|card)","reasonPending":(true|false)' +
    `,"staff":\\{"staffId":${words(0, 32)},"window":${words(0, 32)}\\},"user":(${SEALED})\\}` +
    envelopeTail('cn\\.window24\\.rating\\.v1'),
  'y',
)

const HASH_MEMBER = '"hash":"'
/** The member with its 43 characters and the comma behind it. */
const HASH_MEMBER_LENGTH = HASH_MEMBER.length + '",'.length + 43

const BAD_LEVEL = 2

/** The rating that begins at this place; null says nothing. */
export function plainRatingAt(received: ReceivedBytes, at: number): PlainRating | null {
  RATING.lastIndex = at
  const found = RATING.exec(received.view)
  if (found === null || !keepsItsRules(found)) return null
  const end = RATING.lastIndex
  if (end - at > MAX_EVENT_BYTES) return null
  // Every group has matched but those of the case, which may be null.
  const [, , assess, capturedAt = '', caseNo, service, , , , pending, , ...envelope] = found
  const [epoch, named = '', prevhash = '', sequence, source = ''] = envelope
  if (hashOf(received, at, end) !== named) return null
  return {
    text: received.bytes.toString('utf8', at, end),
    end,
    source,
    epoch: Number(epoch),
    sequence: Number(sequence),
    hash: named,
    prevhash,
    rated:
      caseNo === undefined
        ? null
        : {
            caseNo,
            serviceNumber: Number(service),
            assessNumber: Number(assess),
            reasonPending: pending === 'true',
            capturedAt,
          },
  }
}

/**
 * Whether this text is plainly a rating's event, canonical and whole: all but its size and its hash, which whoever has
 * just written it knows. False says nothing.
 */
export function isPlainRating(text: string): boolean {
  RATING.lastIndex = 0
  const found = RATING.exec(text)
  return found !== null && RATING.lastIndex === text.length && keepsItsRules(found)
}

/** What the schema asks between members, and of the length of sealed ones. */
function keepsItsRules(found: RegExpExecArray): boolean {
  const [, anonymous, , , , , comment = '', labels = '', level, pending, user = ''] = found
  if (anonymous === 'true' && user !== 'null') return false
  const noReason = Number(level) <= BAD_LEVEL && labels === '' && comment === 'null'
  if ((pending === 'true') !== noReason || namesTwice(labels)) return false
  return Math.max(user.length, comment.length) <= MAX_SEALED_LENGTH + QUOTES_LENGTH
}

/** `"510","517"`: most ratings have one label or none. */
function namesTwice(labels: string): boolean {
  const codes = labels.split(',')
  return codes.length > 1 && new Set(codes).size !== codes.length
}

/** Kept for all: each is hashed before the next is looked at. */
const unhashed = Buffer.alloc(MAX_EVENT_BYTES)

/** The hash of the bytes as received, without their `hash` member: the last of that name, behind all that is free text. */
function hashOf({ bytes, view }: ReceivedBytes, at: number, end: number): string {
  const member = view.lastIndexOf(HASH_MEMBER, end)
  const before = bytes.copy(unhashed, 0, at, member)
  const behind = bytes.copy(unhashed, before, member + HASH_MEMBER_LENGTH, end)
  return hash('sha256', unhashed.subarray(0, before + behind), 'base64url')
}
