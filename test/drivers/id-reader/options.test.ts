/** What is asked of a reader only where it is configured, and what a technician may know. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import type { RequestName } from '../../../drivers/id-reader/requests.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, startScriptedReader } from './bench.ts'

test.each([1024, 512, 0] as const)(
  '%i bytes of fingerprints come with the card, and are wiped when it is lifted',
  async (prints) => {
    const { simulator, events } = await bench({ reader: { fingerprints: true } })
    simulator.placeCard(CARD, { prints })
    await until('the card is read', () => events.length === 1)
    const [placed] = events
    const found = placed?.kind === 'placed' ? placed.card.reveal().fingerprints : undefined
    expect(found?.reveal().length ?? 0).toBe(prints)
    expect(found?.reveal().every((byte) => byte === 0x43) ?? true).toBe(true)
    expect(inspect(placed?.kind === 'placed' && placed.card.reveal())).not.toContain('67, 67')
    simulator.liftCard()
    await until('it is lifted', () => events.length === 2)
    expect(found?.reveal().every((byte) => byte === 0) ?? true).toBe(true)
    expect(simulator.errors).toEqual([])
  },
)

test('fingerprints and a later address are never asked for unless configured', async () => {
  const asked = new Set<RequestName>()
  let cardLies = true
  const peer = await startScriptedReader((request) => {
    asked.add(request)
    if (request === 'find-card' && cardLies) return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request !== 'read-base') return emptyPlate(request)
    cardLies = false
    const text = encodeCard({ kind: 'citizen', ...CARD })
    return encodeReply(0x90, Uint8Array.of(1, 0, 4, 0, ...text, ...new Uint8Array(1024)))
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port }))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('a card has come and gone', () => kinds.length === 2)
  await until('it is looked for anew', () => asked.size >= 6)
  expect([...asked].sort()).toEqual([
    'card-management-number',
    'find-card',
    'read-base',
    'sam-id',
    'sam-status',
    'select-card',
  ])
})

test.each([0x21, 0x37])('a reader or card without fingerprints (%i) still gives the card', async (sw3) => {
  const { simulator, events } = await bench({ reader: { fingerprints: true } })
  simulator.failNext(sw3, 1, 'read-base-and-prints')
  simulator.placeCard(CARD, { prints: 1024 })
  await until('the card is read', () => events.length === 1)
  expect(events[0]?.kind === 'placed' && 'fingerprints' in events[0].card.reveal()).toBe(false)
  expect(events[0]?.kind).toBe('placed')
  expect(simulator.errors).toEqual([])
})

test.each([
  ['浙江省云溪区新河路24号', '浙江省云溪区新河路24号'],
  [undefined, undefined],
])('a later address, %s, is added to the card where it is asked for', async (extraAddress, added) => {
  const { simulator, events } = await bench({ reader: { extraAddress: true } })
  simulator.placeCard(CARD, extraAddress === undefined ? {} : { extraAddress })
  await until('the card is read', () => events.length === 1)
  const card = events[0]?.kind === 'placed' ? events[0].card.reveal() : undefined
  expect(card).toMatchObject(CARD)
  expect(card?.extraAddress).toBe(added)
  expect(simulator.errors).toEqual([])
})

test('a reader that knows no later addresses gives the card without', async () => {
  const { simulator, events } = await bench({ reader: { extraAddress: true } })
  simulator.placeCard(CARD)
  simulator.failNext(0x21, 9, 'read-extra-address')
  await until('the card is read', () => events.length === 1)
  expect(events[0]?.kind).toBe('placed')
})

test('a card whose later address cannot be read is not handed out with the old one', async () => {
  const { simulator, events } = await bench({ reader: { extraAddress: true } })
  simulator.failNext(0x41, 2, 'read-extra-address')
  simulator.placeCard(CARD, { extraAddress: '浙江省云溪区新河路24号' })
  await until('it is told', () => events.length === 1)
  expect(events[0]).toEqual({ kind: 'unreadable', reason: 'later address: read failed (41)' })
  simulator.liftCard()
  simulator.placeCard(CARD, { extraAddress: '浙江省云溪区新河路24号' })
  await until('it is read with its address', () => events[1]?.kind === 'placed')
})

test('a later address with a control character is a broken card, not half of one', async () => {
  const { simulator, events } = await bench({ reader: { extraAddress: true } })
  simulator.placeCard(CARD, { extraAddress: '新河路\u0007' })
  await until('it is told', () => events.length === 1)
  expect(events[0]).toEqual({ kind: 'unreadable', reason: 'later address: control-character' })
})

test('the number of the security module is known while the reader is there, and in no event', async () => {
  const { simulator, reader } = await bench()
  await until('it is known', () => reader.samId() !== null)
  expect(reader.samId()).toBe('05.03-20121303-0000000001-0000000002')
  await simulator.unplug()
  await until('it is not known any more', () => reader.samId() === null)
  await simulator.plug()
  await until('it is asked once more', () => reader.samId() !== null)
})

test('a card that the number denies is handed out with the warning', async () => {
  const { simulator, events } = await bench()
  simulator.placeCard({ ...CARD, sex: 'male' })
  await until('it is read', () => events.length === 1)
  const card = events[0]?.kind === 'placed' ? events[0].card.reveal() : undefined
  expect(card?.warnings).toEqual(['sex-differs-from-number'])
})

test('a reader that selects cards it does not find is read by its profile', async () => {
  const { simulator, events, kinds } = await bench({
    reader: { profile: 'serial-select-only' },
    simulator: { quirks: { selectWithoutFind: true } },
  })
  simulator.placeCard(CARD)
  await until('the card is read', () => events.length === 1)
  simulator.liftCard()
  await until('it is lifted', () => events.length === 2)
  expect(kinds()).toEqual(['placed', 'lifted'])
  expect(simulator.errors).toEqual([])
})

test('without that profile such a reader finds no card, and says nothing wrong', async () => {
  const { simulator, reader, events } = await bench({ simulator: { quirks: { selectWithoutFind: true } } })
  simulator.placeCard(CARD)
  const { frames } = reader.counters()
  await until('it was looked for', () => reader.counters().frames >= frames + 3)
  expect(events).toEqual([])
  expect(simulator.errors).toEqual([])
})

test.each([
  ['hid:1234:5678', undefined, 'write its "profile"'],
  ['tcp://127.0.0.1:1', 'hid-raw', 'it is for another kind of port'],
])('a reader at %s with the profile %s is a fault that says what to write', async (port, profile, words) => {
  const reader = closing(
    superviseIdReader({ driver: 'sdt', port, ...(profile === undefined ? {} : { profile }) }),
  )
  await faulty(reader, 'cannot-open')
  expect(reader.status()).toMatchObject({ detail: expect.stringContaining(words) })
})

test.each(['residence-permit-hmt', 'foreigner-2017', 'foreigner-2023'] as const)(
  'a %s card is read as one',
  async (kind) => {
    const shared = { sex: 'female', validFrom: '2020-01-01', validTo: '2040-01-01' } as const
    const foreign = {
      name: 'JOHNSON, MARY',
      englishName: 'JOHNSON, MARY',
      nationality: 'USA',
      issuer: '1500',
    }
    const cards = {
      'residence-permit-hmt': {
        ...shared,
        kind: 'residence-permit-hmt',
        name: '陳小雨',
        birth: '1994-08-23',
        address: '广东省深圳市',
        number: '810000199408230021',
        issuer: '深圳市公安局',
        passNumber: 'H12345678',
        issueCount: '01',
      },
      'foreigner-2017': {
        ...shared,
        ...foreign,
        kind: 'foreigner-2017',
        birth: '1990-01-01',
        number: 'USA330099900101',
        version: '01',
      },
      'foreigner-2023': {
        ...shared,
        kind: 'foreigner-2023',
        name: foreign.name,
        englishName: foreign.englishName,
        nationality: 'USA',
        birth: '1981-08-03',
        number: '911124198108030024',
        changeCount: '00',
      },
    } as const
    const { simulator, reader, events } = await bench()
    await ready(reader)
    simulator.placeCard(cards[kind])
    await until('it is read', () => events.length === 1)
    expect(events[0]?.kind === 'placed' && events[0].card.reveal()).toMatchObject(cards[kind])
  },
)
