/** What is asked of a reader only where it is configured, and what a technician may know. */
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { superviseIdReader } from '../../../drivers/id-reader/driver.ts'
import { encodeCard } from '../../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../../drivers/id-reader/frame.ts'
import type { RequestName } from '../../../drivers/id-reader/requests.ts'
import type { CardExtras, SamQuirks } from '../../../drivers/simulators/id-reader.ts'
import { closing, faulty, ready, until } from '../support.ts'
import { bench, CARD, emptyPlate, OTHER_CARD, SHORT, startScriptedReader } from './bench.ts'

test.each([1024, 512, 0] as const)(
  '%i bytes of fingerprints come with the card, and are wiped with the photo when it is lifted',
  async (prints) => {
    const { simulator, events } = await bench({ reader: { fingerprints: true } })
    simulator.placeCard(CARD, { prints })
    await until('the card is read', () => events.length === 1)
    const [placed] = events
    const found = placed?.kind === 'placed' ? placed.card.reveal().fingerprints : undefined
    expect(found?.reveal().length ?? 0).toBe(prints)
    expect(found?.reveal().every((byte) => byte === 0x43) ?? true).toBe(true)
    expect(inspect(placed?.kind === 'placed' && placed.card.reveal())).not.toContain('67, 67')
    const photo = placed?.kind === 'placed' ? placed.card.reveal().photo.reveal() : new Uint8Array(1)
    expect(photo.some((byte) => byte !== 0)).toBe(true)
    simulator.liftCard()
    await until('it is lifted', () => events.length === 2)
    expect(found?.reveal().every((byte) => byte === 0) ?? true).toBe(true)
    expect(photo.every((byte) => byte === 0)).toBe(true)
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

const NEW_ADDRESS = '新河路24号'

test.each<[string, string | undefined, CardExtras, SamQuirks]>([
  ['unpadded', NEW_ADDRESS, { extraAddress: Buffer.from(NEW_ADDRESS, 'utf16le') }, {}],
  ['padded with NUL', NEW_ADDRESS, { extraAddress: Buffer.from(`${NEW_ADDRESS}\0\0`, 'utf16le') }, {}],
  ['of four characters', '新河路口', { extraAddress: Buffer.from('新河路口', 'utf16le') }, {}],
  ['without a byte', undefined, { extraAddress: new Uint8Array(0) }, {}],
  [
    'of a reader that knows none',
    undefined,
    { extraAddress: NEW_ADDRESS },
    { unknown: ['read-extra-address'] },
  ],
])('a later address %s is read as %s, without a warning', async (_, added, extras, quirks) => {
  const { simulator, events } = await bench({ reader: { extraAddress: true }, simulator: { quirks } })
  simulator.placeCard(CARD, extras)
  await until('the card is read', () => events.length === 1)
  const card = events[0]?.kind === 'placed' ? events[0].card.reveal() : undefined
  expect(card).toMatchObject(CARD)
  expect(card?.extraAddress).toBe(added)
  expect(card?.warnings).toBeUndefined()
  expect(simulator.errors).toEqual([])
})

test.each([0x24, 0x41, 0x10, 0x33, 0x00])(
  'nobody is turned away for a later address that cannot be read (%i): the card says so',
  async (sw3) => {
    const { simulator, events, kinds } = await bench({ reader: { extraAddress: true } })
    simulator.failNext(sw3, 1, 'read-extra-address')
    simulator.placeCard({ ...CARD, sex: 'male' }, { extraAddress: NEW_ADDRESS })
    await until('the card is read', () => events.length === 1)
    const card = events[0]?.kind === 'placed' ? events[0].card.reveal() : undefined
    expect(card).toMatchObject({ name: CARD.name, address: CARD.address })
    expect(card?.extraAddress).toBeUndefined()
    expect(card?.warnings).toEqual(['sex-differs-from-number', 'later-address-unread'])
    expect(kinds()).toEqual(['placed'])
    expect(simulator.errors).toEqual([])
  },
)

test('a later address with a control character is not shown, and the card says so', async () => {
  const { simulator, events } = await bench({ reader: { extraAddress: true } })
  simulator.placeCard(CARD, { extraAddress: '新河路\u0007口' })
  await until('it is told', () => events.length === 1)
  const card = events[0]?.kind === 'placed' ? events[0].card.reveal() : undefined
  expect([card?.extraAddress, card?.warnings]).toEqual([undefined, ['later-address-unread']])
})

test('a card without prints is read without them, and the next one is asked for its own', async () => {
  const { simulator, events, kinds } = await bench({ reader: { fingerprints: true } })
  simulator.placeCard(CARD, { prints: 'not-on-card' })
  await until('it is read', () => events.length === 1)
  simulator.liftCard()
  await until('it is lifted', () => events.length === 2)
  simulator.placeCard(OTHER_CARD, { prints: 512 })
  await until('the next is read', () => events.length === 3)
  expect(kinds()).toEqual(['placed', 'lifted', 'placed'])
  const [first, , next] = events.map((event) => (event.kind === 'placed' ? event.card.reveal() : undefined))
  expect(first?.fingerprints).toBeUndefined()
  expect(next?.fingerprints?.reveal()).toHaveLength(512)
  expect(simulator.errors).toEqual([])
})

test('a reader that knows no prints is asked for them once, and a failed read there has its second try', async () => {
  const asked: RequestName[] = []
  let cards = 2
  let reads = 0
  const peer = await startScriptedReader((request) => {
    asked.push(request)
    if (request === 'find-card' && cards > 0) return encodeReply(0x9f, new Uint8Array(4))
    if (request === 'select-card') return encodeReply(0x90, new Uint8Array(8))
    if (request === 'read-base-and-prints') return encodeReply(0x21)
    if (request !== 'read-base') return emptyPlate(request)
    reads += 1
    if (reads === 1) return encodeReply(0x41)
    cards -= 1
    const text = encodeCard({ kind: 'citizen', ...CARD })
    return encodeReply(0x90, Uint8Array.of(1, 0, 4, 0, ...text, ...new Uint8Array(1024)))
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port, fingerprints: true }))
  const kinds: string[] = []
  reader.onCard(({ kind }) => kinds.push(kind))
  await until('both cards have come', () => kinds.filter((kind) => kind === 'placed').length === 2, 8000)
  expect(kinds).not.toContain('unreadable')
  expect(asked.filter((request) => request === 'read-base-and-prints')).toHaveLength(1)
})

test('where nobody takes cards only the status is asked for, and it is told as truly', async () => {
  const asked = new Set<RequestName>()
  let status = 0x90
  const peer = await startScriptedReader((request) => {
    asked.add(request)
    return request === 'sam-status' ? encodeReply(status) : emptyPlate(request)
  })
  const reader = closing(superviseIdReader({ driver: 'sdt', port: peer.port, reads: false }, SHORT))
  await ready(reader)
  const { frames } = reader.counters()
  await until('it was asked some more', () => reader.counters().frames >= frames + 3)
  expect([...asked].sort()).toEqual(['sam-id', 'sam-status'])
  status = 0x66
  await faulty(reader, 'offline')
  status = 0x90
  await ready(reader)
  peer.mute()
  await faulty(reader, 'no-answer')
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
