/** The quick verdict on an envelope against the schema's, over sound events and hostile ones. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalText } from '../../../sync/protocol/canonical.ts'
import { plainEnvelope } from '../../../sync/protocol/envelope-text.ts'
import { Envelope } from '../../../sync/protocol/events.ts'
import { demoChain } from '../../bench/delivery/ratings.ts'

const [made] = [...demoChain('P-0571-0012', 1)]
const sound: Record<string, unknown> = JSON.parse(made?.text ?? '')

test('every event that a device makes is known by its text', () => {
  for (const { text } of demoChain('P-0571-0012', 200)) {
    const value: object = JSON.parse(text)
    expect(plainEnvelope(text, value)).toBe(value)
  }
})

const times = [
  ...[
    '2026-02-28',
    '2026-02-29',
    '2024-02-29',
    '2026-04-31',
    '2026-12-31',
    '2026-13-01',
    '2026-00-10',
    '0000-01-01',
  ],
].map((day) => `${day}T20:14:05.123+08:00`)
const hostile = fc.record(
  {
    time: fc.constantFrom(
      ...times,
      '2026-11-21T24:00:00.000Z',
      '2026-11-21T20:14:05.123+24:00',
      '2026-11-21',
      '-',
    ),
    epoch: fc.constantFrom<unknown>(0, 1, -1, 1.5, 2 ** 53, 999999999999999, 1e21, '1', null),
    sequence: fc.constantFrom(
      '00000000000000000000',
      '00000000000000000001',
      '00000999999999999999',
      '09007199254740993000',
      '1',
    ),
    id: fc.constantFrom(
      '01a201b9-3186-71c0-9a44-f55977d7eb40',
      '01a201b9-3186-41c0-9a44-f55977d7eb40',
      '01A201B9-3186-71C0-9A44-F55977D7EB40',
      '',
    ),
    source: fc.constantFrom(
      '/devices/P-1',
      '/devices/',
      '/devices/-1',
      `/devices/${'a'.repeat(65)}`,
      '/devices/a"b',
      '/devices/a\n',
    ),
    type: fc.constantFrom(
      'cn.window24.rating.v1',
      'cn.window24.rating.v0',
      'cn.window24.a--b.v1',
      'cn.window24.rating.v1\n',
      'x',
    ),
    hash: fc.constantFrom('A'.repeat(43), 'A'.repeat(42), `${'A'.repeat(42)}=`),
    prevhash: fc.constantFrom('A'.repeat(43), 'A'.repeat(44)),
    specversion: fc.constantFrom('1.0', '1x0', '2.0'),
    datacontenttype: fc.constantFrom('application/json', 'text/plain'),
    data: fc.oneof(
      fc.constantFrom<unknown>({}, [], null, 'x', { datacontenttype: 'application/json' }),
      fc.dictionary(fc.string(), fc.jsonValue()),
    ),
    more: fc.constant(1),
    dataa: fc.constantFrom<unknown>(1, {}, [1]),
    'datab,"datacontenttype': fc.constant('application/json'),
  },
  { requiredKeys: [] },
)

test('what it says yes to, the schema says yes to, with the same members', () => {
  fc.assert(
    fc.property(hostile, fc.subarray(Object.keys(sound), { maxLength: 1 }), (change, left) => {
      const changed: Record<string, unknown> = { ...sound, ...change }
      for (const name of left) delete changed[name]
      const text = canonicalText(changed)
      const value: object = JSON.parse(text)
      const quick = plainEnvelope(text, value)
      if (quick === null) return

      expect(Envelope.parse(value)).toEqual(quick)
    }),
    { numRuns: 2_000 },
  )
})

test('one member changed at a time is judged as the schema judges it', () => {
  const one = fc.constantFrom(...Object.keys(sound), 'more', 'dataa', 'datab,"datacontenttype')
  fc.assert(
    fc.property(hostile, one, (change, name) => {
      const value: object = JSON.parse(
        canonicalText({ ...sound, ...(name in change && { [name]: change[name as 'time'] }) }),
      )
      const quick = plainEnvelope(canonicalText(value), value)
      if (quick !== null) expect(Envelope.safeParse(value)).toEqual({ success: true, data: quick })
    }),
    { numRuns: 2_000 },
  )
})
