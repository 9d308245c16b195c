/** The envelope of an event, told by its text alone: a third of what its schema costs, and the same verdict. */
import type { Envelope } from './events.ts'

/** An instant; leap days are left to the schema, which knows the years that have one. */
export const INSTANT =
  '\\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)' +
  'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}(?:Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)'

/**
 * RFC 8785 sorts members, so `data` comes first and everything after it has a fixed form, without any escape. As a
 * pattern that captures epoch, hash, prevhash, sequence and source.
 * @param type a pattern of the types that are meant
 */
export function envelopeTail(type: string): string {
  return (
    ',"datacontenttype":"application/json","epoch":([1-9]\\d{0,14}),"hash":"([A-Za-z0-9_-]{43})"' +
    ',"id":"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"' +
    ',"prevhash":"([A-Za-z0-9_-]{43})","sequence":"(0{5}(?!0{15})\\d{15})"' +
    ',"source":"(/devices/[A-Za-z0-9][A-Za-z0-9-]{0,63})","specversion":"1\\.0"' +
    `,"time":"${INSTANT}","type":"${type}"\\}`
  )
}

const TAIL = new RegExp(`${envelopeTail('cn\\.window24\\.[a-z]+(?:-[a-z]+)*\\.v[1-9]\\d*')}$`)
const TAIL_BEGINS = ',"datacontenttype":'
const HEAD = '{"data":{'
const MEMBERS = 11

/** JSON gives it as a member of its own, and copies lose it: its verdict is the schema's. */
const PROTO = '__proto__'

/**
 * The envelope where the text plainly is one; null says nothing, the schema has to judge then.
 * @param text the canonical text of `value`, found to be that before
 */
export function plainEnvelope(text: string, value: object): Envelope | null {
  if (!text.startsWith(HEAD) || text.includes(PROTO)) return null
  const tailAt = text.lastIndexOf(TAIL_BEGINS)
  if (tailAt < 0 || !TAIL.test(text.slice(tailAt))) return null
  // The tail closes one object and holds ten members of it: with `data` before them it is the outermost and whole.
  let members = 0
  for (const _ in value) members += 1
  return members === MEMBERS ? (value as Envelope) : null
}
