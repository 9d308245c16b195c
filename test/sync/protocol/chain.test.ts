import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { checkEvent, makeEvent, type NextEvent } from '../../../sync/protocol/chain.ts'
import {
  type EventType,
  eventData,
  eventType,
  MAX_EVENT_BYTES,
  typeName,
} from '../../../sync/protocol/events.ts'
import { FIRST_PREVHASH } from '../../../sync/protocol/identifiers.ts'
import { type AnyFact, anyFact, anyWords, STOP } from '../support/facts.ts'

const at = new Date('2026-11-21T12:14:05.123Z')

function made({ type, data }: AnyFact, prevhash = FIRST_PREVHASH, sequence = 1) {
  const next = { deviceId: 'T-0571-0001', epoch: 1, sequence, prevhash, type, time: at, data }
  return makeEvent(next as NextEvent<EventType>)
}

/** An event whose members are replaced and whose hash is right for them. */
function rehashed(members: Record<string, unknown>): string {
  const { hash: _, ...event } = { ...made({ type: 'system', data: STOP }).event, ...members }
  return canonicalText({ ...event, hash: sha256Base64url(canonicalText(event)) })
}

describe('an event', () => {
  it('of any kind passes its own check, and is again what it was', () => {
    fc.assert(
      fc.property(anyFact, (fact) => {
        const { text, event } = made(fact)
        const checked = checkEvent(text)
        expect(checked).toEqual({ ok: true, event, type: fact.type, text })
        expect(event.data).toEqual(fact.data)
      }),
    )
  })

  it('names SHA-256 of its canonical form without the hash', () => {
    const { event, text } = made({ type: 'system', data: STOP })
    const { hash, ...rest } = event
    expect(hash).toBe(sha256Base64url(canonicalText(rest)))
    expect(text).toBe(canonicalText(event))
  })

  it('is found out when any one byte of it is another', () => {
    fc.assert(
      fc.property(anyFact, fc.nat(), fc.integer({ min: 1, max: 255 }), (fact, where, by) => {
        const bytes = Buffer.from(made(fact).text)
        const index = where % bytes.length
        bytes[index] = (bytes[index] ?? 0) ^ by
        expect(checkEvent(bytes.toString('utf8')).ok).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('is found out when two characters have changed places', () => {
    const { text } = made({ type: 'session', data: { services: ['guides'], seconds: 61, endedBy: 'idle' } })
    for (let i = 0; i + 1 < text.length; i += 1) {
      const swapped = text.slice(0, i) + text[i + 1] + text[i] + text.slice(i + 2)
      if (swapped !== text) expect(checkEvent(swapped).ok, `at ${i}`).toBe(false)
    }
  })

  it('links to the one before it by its hash', () => {
    const first = made({ type: 'system', data: STOP })
    const second = made({ type: 'system', data: STOP }, first.event.hash, 2)
    expect(first.event.prevhash).toBe(FIRST_PREVHASH)
    expect(second.event.prevhash).toBe(first.event.hash)
    expect(second.event.sequence).toBe('00000000000000000002')
  })

  it('tells when it happened with the local offset and milliseconds', () => {
    const { time } = made({ type: 'system', data: STOP }).event
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.123[+-]\d\d:\d\d$/)
    expect(Date.parse(time)).toBe(at.getTime())
  })
})

describe('a received text', () => {
  const good = made({ type: 'system', data: STOP }).text

  it.each([
    ['nothing', '', 'not-json'],
    ['half of an event', good.slice(0, 100), 'not-json'],
    ['no object', '[]', 'not-json'],
    ['a lone surrogate', good.replace('"stop"', '"\\ud800"'), 'not-json'],
    ['white space', ` ${good}`, 'not-canonical'],
    ['another order of members', canonicalReversed(good), 'not-canonical'],
    ['a member that stands twice', good.replace('{"data"', '{"data":{},"data"'), 'not-canonical'],
    ['an escape that is none', good.replace('stop', '\\u0073top'), 'not-canonical'],
    ['a changed fact', good.replace('"epoch":1', '"epoch":2'), 'hash'],
    ['the hash of another event', good.replace(/"hash":".{43}"/, `"hash":"${'B'.repeat(43)}"`), 'hash'],
  ])('with %s is told by its fault', (_, text, code) => {
    expect(checkEvent(text)).toMatchObject({ ok: false, code })
  })

  it.each([
    ['a further member', { extra: 1 }, 'schema'],
    ['no hash before it', { prevhash: undefined }, 'schema'],
    ['sequence 0', { sequence: '00000000000000000000' }, 'schema'],
    ['a sequence of 19 digits', { sequence: '0000000000000000001' }, 'schema'],
    ['epoch 0', { epoch: 0 }, 'schema'],
    ['a source that is no device', { source: '/hall' }, 'schema'],
    ['an id that is no UUIDv7', { id: '2fe9f2a4-2b0f-4d4e-9a51-6f1d8f1f6a11' }, 'schema'],
    ['a date for a time', { time: '2026-11-21' }, 'schema'],
    ['data that are not of its type', { data: { fact: 'stop', more: true } }, 'schema'],
    ['a type nobody knows', { type: 'cn.window24.weather.v1' }, 'unknown-type'],
    ['a version nobody knows', { type: 'cn.window24.system.v2' }, 'unknown-type'],
    ['a type named like a member of every object', { type: 'cn.window24.constructor.v1' }, 'unknown-type'],
    ['a tab in a string', { data: { fact: 'stop\t' } }, 'control-character'],
    ['a NUL in a name', { data: { 'fact\u0000': 'stop' } }, 'control-character'],
  ])('with a right hash and %s is still refused', (_, members, code) => {
    expect(checkEvent(rehashed(members))).toMatchObject({ ok: false, code })
  })

  it('may hold line feeds, backslashes and quotes', () => {
    const text = made({ type: 'rating-declined', data: declined('一\n二 \\t "three" \\\\u0007') }).text
    expect(checkEvent(text).ok).toBe(true)
  })

  it('over 16 KiB is refused before anything of it is read', () => {
    expect(checkEvent('x'.repeat(MAX_EVENT_BYTES + 1))).toMatchObject({ code: 'too-large' })
    expect(checkEvent('㛃'.repeat(MAX_EVENT_BYTES / 3 + 1))).toMatchObject({ code: 'too-large' })
  })

  it('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), anyWords(200)), (text) => {
        expect(checkEvent(text).ok).toBe(false)
      }),
    )
    expect(checkEvent(`${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`).ok).toBe(false)
  })

  it('is answered without one word of what it holds', () => {
    for (const data of [
      { fact: '张小雨' },
      { fact: 'stop', 张小雨: '330099' },
      { fact: 'start', software: 330099 },
    ]) {
      const checked = checkEvent(rehashed({ data }))
      expect(checked).toMatchObject({ ok: false, code: 'schema' })
      expect(JSON.stringify(checked)).not.toMatch(/张小雨|330099/)
    }
  })
})

describe('making an event', () => {
  it('refuses data that break their schema, and says where', () => {
    const wrong: AnyFact = { type: 'session', data: { services: [], seconds: -1, endedBy: 'idle' } }
    expect(() => made(wrong)).toThrow(/session event cannot be made \(schema\): data\.seconds/)
  })

  it('refuses what would not fit 16 KiB', () => {
    const data = declined('长'.repeat(200))
    const long = { ...data, case: { ...data.case, itemName: '长'.repeat(6000) } }
    expect(() => made({ type: 'rating-declined', data: long })).toThrow(/too-large/)
  })

  it('refuses half a character', () => {
    expect(() => made({ type: 'rating-declined', data: declined('\ud83d') })).toThrow()
  })
})

describe('a rating', () => {
  const rating = {
    level: 1,
    labels: [],
    reasonPending: true,
    dictionary: '2019.1',
    comment: null,
    channel: 'pad',
    assessNumber: 1,
    proof: 'none',
    case: null,
    staff: { staffId: 'S012', window: '12' },
    anonymous: false,
    user: null,
    askedAt: '2026-11-21T20:14:05.123+08:00',
    capturedAt: '2026-11-21T20:14:05.123+08:00',
    clock: { synchronized: false, offsetMs: null },
  } as const

  it.each([
    ['level 0', { level: 0 }],
    ['level 6', { level: 6 }],
    ['no level', { level: null }],
    ['a bad level without a reason that says none is pending', { reasonPending: false }],
    ['a good level with a pending reason', { level: 3 }],
    ['a label named twice', { labels: ['108', '108'], reasonPending: false }],
    ['an anonymous user', { anonymous: true, user: 'eyJhIjoxfQ..YQ.Yg.Yw' }],
    ['words in the clear', { comment: '不太满意', reasonPending: false }],
    ['a third try', { assessNumber: 3 }],
  ])('with %s is none', (_, change) => {
    expect(eventData.rating.safeParse(rating).success).toBe(true)
    expect(eventData.rating.safeParse({ ...rating, ...change }).success).toBe(false)
  })
})

it('every type has its name, and every name its type', () => {
  for (const type of Object.keys(eventData) as EventType[]) {
    expect(typeName(type)).toBe(`cn.window24.${type}.v1`)
    expect(eventType(typeName(type))).toBe(type)
  }
})

function declined(itemName: string) {
  return {
    outcome: 'timed-out' as const,
    case: {
      caseNo: 'YX2026110007K3',
      itemCode: '11330099MB0A00010R3000101001000',
      itemName,
      handleItem: null,
      serviceName: '',
      serviceNumber: 1,
      ticketNo: null,
    },
    staff: { staffId: '', window: '' },
    askedAt: '2026-11-21T20:14:05.123+08:00',
  }
}

function canonicalReversed(text: string): string {
  return JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()))
}
