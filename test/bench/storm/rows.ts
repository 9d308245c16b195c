/**
 * Chains of very many devices, quickly: the data of some hundred demo ratings are made once, and each event's text is
 * put together around them as the canonical form has it. Hashes and links are real; the hall checks every one.
 */
import { uuidv7 } from 'uuidv7'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { FIRST_PREVHASH, formatInstant, formatSequence } from '../../../sync/protocol/identifiers.ts'
import { demoRating, seeded } from '../delivery/ratings.ts'

const KINDS = 400
const FIRST_AT_MS = Date.UTC(2026, 9, 20, 0, 30)

const random = seeded(7)
const kinds = Array.from({ length: KINDS }, (_, index) => {
  const at = new Date(FIRST_AT_MS + index * 150_000)
  return { data: canonicalText(demoRating(random, at)), time: formatInstant(at) }
})

export interface Link {
  sequence: number
  hash: string
}

export const CHAIN_START: Link = { sequence: 0, hash: FIRST_PREVHASH }

/** The texts of the next events, and the link that the ones behind them begin with. */
export function nextTexts(deviceId: string, from: Link, count: number): { texts: string[]; link: Link } {
  const texts: string[] = []
  let { sequence, hash } = from
  for (let made = 0; made < count; made += 1) {
    sequence += 1
    const { data, time } = kinds[(sequence * 31) % KINDS] ?? { data: '{}', time: '' }
    const before = `{"data":${data},"datacontenttype":"application/json","epoch":1,`
    const behind =
      `"id":"${uuidv7()}","prevhash":"${hash}","sequence":"${formatSequence(sequence)}",` +
      `"source":"/devices/${deviceId}","specversion":"1.0","time":"${time}","type":"cn.window24.rating.v1"}`
    hash = sha256Base64url(before + behind)
    texts.push(`${before}"hash":"${hash}",${behind}`)
  }
  return { texts, link: { sequence, hash } }
}
