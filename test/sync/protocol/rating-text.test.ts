/** The verdict on a rating's bytes against the whole check of its text, over sound ratings and hostile ones. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import type { EventData } from '../../../sync/protocol/events.ts'
import { isPlainRating, type PlainRating, plainRatingAt } from '../../../sync/protocol/rating-text.ts'
import { demoChain } from '../../bench/delivery/ratings.ts'
import { anyRating } from '../support/facts.ts'

const [made] = [...demoChain('P-0571-0012', 1)]
const soundText = made?.text ?? ''
const sound: Record<string, unknown> = JSON.parse(soundText)
sound.data = { ...Object(sound.data), level: 5, labels: [], reasonPending: false }

const SEALED = 'eyJhbGciOiJFQ0RILUVTIn0..YWJj.ZGVm.Z2hp'

/** As it would stand in a batch, where a comma has to follow it. */
function plainOf(text: string): PlainRating | null {
  const bytes = Buffer.from(`[${text},`)
  const found = plainRatingAt({ bytes, view: bytes.toString('latin1') }, 1)
  return found?.end === bytes.length - 1 ? found : null
}

/** With the hash that is right for what it holds, so that nothing but its content can be wrong. */
function rehashed(members: Record<string, unknown>): string {
  const { hash: _, ...event } = { ...sound, ...members }
  return canonicalText({ ...event, hash: sha256Base64url(canonicalText(event)) })
}

const withData = (change: object): string => rehashed({ data: { ...Object(sound.data), ...change } })
const withCase = (change: object): string =>
  withData({ case: { ...Object(Object(sound.data).case), ...change } })

/** A yes has to be the yes of the whole check, with the same facts in it. */
function expectSameYes(text: string): void {
  const plain = plainOf(text)
  const checked = checkEvent(text)
  // The same for whoever has written it, and knows its size and its hash.
  if (plain !== null) expect(isPlainRating(text)).toBe(true)
  if (isPlainRating(text) && !checked.ok) expect(['hash', 'too-large']).toContain(checked.code)
  if (plain === null) return
  if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail} in ${text}`)
  expect(checked.type).toBe('rating')
  expect(plain.text).toBe(text)
  const { source, epoch, sequence, hash, prevhash } = checked.event
  expect(plain).toMatchObject({ source, epoch, sequence: Number(sequence), hash, prevhash })
  const { case: rated, assessNumber, reasonPending, capturedAt } = checked.event.data as EventData<'rating'>
  const { caseNo, serviceNumber } = rated ?? {}
  expect(plain.rated).toEqual(
    rated === null ? null : { caseNo, serviceNumber, assessNumber, reasonPending, capturedAt },
  )
}

describe('a rating as a device sends it', () => {
  test('is known by its bytes, with the facts that the whole check finds', () => {
    for (const { text } of demoChain('P-0571-0012', 200)) {
      expect(plainOf(text)).not.toBeNull()
      expectSameYes(text)
    }
  })

  test.each<[string, object]>([
    ['a sealed identity', { anonymous: false, user: SEALED }],
    ['sealed words', { comment: SEALED }],
    ['the longest sealed identity', { anonymous: false, user: `a..b.c.${'d'.repeat(8185)}` }],
    ['no case', { case: null }],
    ['a bad level that waits for its reason', { level: 1, labels: [], reasonPending: true }],
    ['a bad level with words only', { level: 2, labels: [], reasonPending: false, comment: SEALED }],
    ['eight labels', { labels: ['501', '502', '503', '504', '505', '506', '507', '508'] }],
    ['a clock that was never set', { clock: { synchronized: false, offsetMs: null } }],
    ['a clock far behind', { clock: { synchronized: false, offsetMs: -999_999_999_999_999 } }],
    ['nobody signed in', { staff: { staffId: '', window: '' } }],
  ])('is known by its bytes with %s', (_, change) => {
    expect(plainOf(withData(change))).not.toBeNull()
    expectSameYes(withData(change))
  })

  test('is judged as the whole check judges it, whatever the schema allows', () => {
    fc.assert(
      fc.property(anyRating, (data) => {
        expectSameYes(rehashed({ data }))
      }),
      { numRuns: 500 },
    )
  })

  test('is found in the middle of a batch, at its own place', () => {
    const [one, two] = [...demoChain('P-0571-0012', 2)].map(({ text }) => text)
    const bytes = Buffer.from(`[${one},${two}]`)
    const received = { bytes, view: bytes.toString('latin1') }
    expect(plainRatingAt(received, 0)).toBeNull()
    expect(plainRatingAt(received, 2)).toBeNull()
    const first = plainRatingAt(received, 1)
    expect(first?.text).toBe(one)
    expect(plainRatingAt(received, (first?.end ?? 0) + 1)).toMatchObject({ text: two, end: bytes.length - 1 })
  })
})

/** Right, nearly right and wrong values, of which many are for a schema to refuse. */
const anyEdge = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    1,
    2,
    3,
    5,
    6,
    -1,
    1.5,
    1e21,
    2 ** 53,
    999_999_999_999_999,
  ),
  fc.constantFrom(
    '',
    '1',
    'pad',
    'tablet',
    'none',
    'card',
    '2019.1',
    'a\nb',
    'a"b',
    'a\\b',
    '\u007f',
    '𬭎',
    'é',
  ),
  fc.integer({ min: 0, max: 260 }).map((length) => 'x'.repeat(length)),
  fc.integer({ min: 0, max: 260 }).map((length) => '事'.repeat(length)),
  fc.constantFrom(
    '2024-02-29T20:14:05.123+08:00',
    '2026-02-29T20:14:05.123+08:00',
    '2026-04-31T20:14:05.123Z',
  ),
  fc.constantFrom(
    '2026-11-21T24:00:00.000Z',
    '2026-11-21T20:14:05Z',
    '2026-11-21',
    '0000-01-01T00:00:00.000Z',
  ),
  fc.constantFrom('a..b.c.d', 'a..b..d', '..b.c.d', 'a.b.c.d.e', `a..b.c.${'d'.repeat(8186)}`),
  fc.constantFrom<unknown>([], {}, ['510'], ['510', '510'], ['5100'], [510], new Array(9).fill('510')),
)
const dataMembers = Object.keys(Object(sound.data))
const caseMembers = Object.keys(Object(Object(sound.data).case))

describe('what it says yes to, the whole check says yes to', () => {
  test('with any member of the data changed, left out or added', () => {
    const change = fc.dictionary(fc.constantFrom(...dataMembers, 'more', '__proto__'), anyEdge, {
      maxKeys: 2,
    })
    fc.assert(
      fc.property(change, fc.subarray(dataMembers, { maxLength: 1 }), (changed, left) => {
        const data = { ...Object(sound.data), ...changed }
        for (const name of left) delete data[name]
        expectSameYes(rehashed({ data }))
      }),
      { numRuns: 2_000 },
    )
  })

  test('with any member of the case, the staff or the clock changed', () => {
    const change = (names: string[]) =>
      fc.dictionary(fc.constantFrom(...names, 'more'), anyEdge, { maxKeys: 2 })
    fc.assert(
      fc.property(
        change(caseMembers),
        change(['staffId', 'window']),
        change(['synchronized', 'offsetMs']),
        (ofCase, ofStaff, ofClock) => {
          expectSameYes(withCase(ofCase))
          expectSameYes(withData({ staff: { staffId: 'S012', window: '12', ...ofStaff } }))
          expectSameYes(withData({ clock: { synchronized: true, offsetMs: 3, ...ofClock } }))
        },
      ),
      { numRuns: 700 },
    )
  })

  test('with any member of the envelope changed', () => {
    const names = Object.keys(sound).filter((name) => name !== 'hash')
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names, 'more'), anyEdge, { maxKeys: 2 }), (changed) => {
        expectSameYes(rehashed(changed))
      }),
      { numRuns: 700 },
    )
  })

  test('with the rules between members broken', () => {
    const rules = fc.record({
      level: fc.integer({ min: 1, max: 5 }),
      labels: fc.array(fc.constantFrom('510', '517'), { maxLength: 3 }),
      comment: fc.option(fc.constant('a..b.c.d')),
      reasonPending: fc.boolean(),
      anonymous: fc.boolean(),
      user: fc.option(fc.constant('a..b.c.d')),
    })
    fc.assert(
      fc.property(rules, (change) => {
        expectSameYes(withData(change))
        // None of these is beyond it: it says yes to every one that is sound.
        expect(plainOf(withData(change)) !== null).toBe(checkEvent(withData(change)).ok)
      }),
      { numRuns: 500 },
    )
  })

  test('with one byte of the text put in, taken out or changed', () => {
    const anyByte = fc.constantFrom(...'"\\{}[],: 0a-.\n\té')
    fc.assert(
      fc.property(fc.nat(soundText.length - 1), anyByte, fc.constantFrom(0, 1), (at, byte, replaced) => {
        const changed = soundText.slice(0, at) + byte + soundText.slice(at + replaced)
        expectSameYes(changed)
        if (changed !== soundText) expect(plainOf(changed)).toBeNull()
      }),
      { numRuns: 2_000 },
    )
  })
})

/** A text with the hash that is right for it, canonical or not; as it is where it names none. */
function mended(text: string): string {
  const [member = '', named = ''] = /"hash":"([^"]*)",/.exec(text) ?? []
  return text.replace(member, member.replace(named, sha256Base64url(text.replace(member, ''))))
}

test('with any one character of it put in, taken out or changed, and a hash that is right for that, only what is sound is plain', () => {
  const base = withData({ anonymous: false, user: SEALED, comment: SEALED, labels: ['510', '517'] })
  expect(mended(base)).toBe(base)
  const wrong: string[] = []
  for (const character of ['', ...'"\\{}[],: 0.-aA\n\té'])
    for (let at = 0; at < base.length; at += 1)
      for (const from of [at, at + 1]) {
        const text = mended(base.slice(0, at) + character + base.slice(from))
        if (plainOf(text) !== null && !checkEvent(text).ok) wrong.push(text)
      }
  expect(wrong).toEqual([])
})

describe('at its limits it and the whole check agree to the character', () => {
  const staff = (change: object): string => withData({ staff: { staffId: '', window: '', ...change } })
  test.each<[string, number, number, (value: string) => string]>([
    ['caseNo', 1, 50, (caseNo) => withCase({ caseNo })],
    ['handleItem', 0, 33, (handleItem) => withCase({ handleItem })],
    ['itemCode', 1, 33, (itemCode) => withCase({ itemCode })],
    ['itemName', 1, 200, (itemName) => withCase({ itemName })],
    ['serviceName', 0, 200, (serviceName) => withCase({ serviceName })],
    ['ticketNo', 0, 32, (ticketNo) => withCase({ ticketNo })],
    ['dictionary', 1, 32, (dictionary) => withData({ dictionary })],
    ['staffId', 0, 32, (staffId) => staff({ staffId })],
    ['window', 0, 32, (window) => staff({ window })],
    ['comment', 7, 8192, (text) => withData({ comment: sealed(text.length) })],
    ['user', 7, 8192, (text) => withData({ anonymous: false, user: sealed(text.length) })],
  ])('in the length of %s', (_, least, most, made) => {
    for (const length of [least - 1, least, most, most + 1].filter((one) => one >= 0)) {
      const text = made('x'.repeat(length))
      expect(checkEvent(text).ok, `${length}`).toBe(length >= least && length <= most)
      expect(plainOf(text) !== null, `${length}`).toBe(length >= least && length <= most)
    }
  })

  /** The shortest is `a..b..c`, with nothing sealed in it. */
  const sealed = (length: number): string => `a..b..${'c'.repeat(length - 'a..b..'.length)}`

  test.each([
    ['level', [0, 1, 5, 6], (level: number) => withData({ level, reasonPending: level < 3 })],
    ['assessNumber', [0, 1, 2, 3], (assessNumber: number) => withData({ assessNumber })],
    ['serviceNumber', [0, 1, -1, 1.5], (serviceNumber: number) => withCase({ serviceNumber })],
    [
      'offsetMs',
      [0, -1, 1, 0.5],
      (offsetMs: number) => withData({ clock: { synchronized: true, offsetMs } }),
    ],
    ['labels', [0, 1, 8, 9], (count: number) => withData({ labels: labels(count) })],
  ])('in the number of %s', (_, numbers, made) => {
    for (const number of numbers)
      expect(plainOf(made(number)) !== null, `${number}`).toBe(checkEvent(made(number)).ok)
  })

  const labels = (count: number): string[] => Array.from({ length: count }, (_, at) => String(500 + at))

  test('in the words that choose between few', () => {
    for (const word of ['pad', 'terminal', 'keypad', 'none', 'receipt', 'card', ''])
      for (const member of ['channel', 'proof']) {
        const text = withData({ [member]: word })
        expect(plainOf(text) !== null, `${member} ${word}`).toBe(checkEvent(text).ok)
      }
  })
})

test('what is too large for an event is none, however well made', () => {
  const part = 'd'.repeat(8184)
  const text = withData({ anonymous: false, user: `a..b.c.${part}`, comment: `a..b.c.${part}` })
  expect(checkEvent(text)).toMatchObject({ ok: false, code: 'too-large' })
  expect(plainOf(text)).toBeNull()
})
