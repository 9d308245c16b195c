import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { placeOf as storedPlace } from '../../../sync/outbox-place.ts'
import { problem } from '../../../sync/protocol/problem.ts'
import type { Uplink } from '../../../sync/uplink.ts'
import type { LineFault } from './faulty-line.ts'
import { appendNewerFact, NEWER_TYPE } from './newer-software.ts'
import { eventsIn, type Pair, startPair, storedIn, TEST_TIMEOUT_MS, until, verified } from './pair.ts'

vi.setConfig({ testTimeout: TEST_TIMEOUT_MS })

async function pair(): Promise<Pair> {
  const made = await startPair()
  onTestFinished(() => made.close())
  return made
}

const deviceOf = ({ device }: Pair): string => String(device.identity.deviceId)

const PORTAL = '<!doctype html><title>Welcome</title><form action="/login">Please log in</form>'
const html = (status: number, body = PORTAL): LineFault => ({ kind: 'answer', status, body })
const json = (status: number, body: unknown, type = 'application/json'): LineFault => ({
  kind: 'answer',
  status,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
})
const members = (change: Record<string, unknown>): LineFault => ({
  kind: 'alter',
  change: (body) => JSON.stringify({ ...JSON.parse(body), ...change }),
})
const sequence = (value: number): string => String(value).padStart(20, '0')
const looksRight = {
  epoch: 1,
  stored: 5,
  duplicate: 0,
  rejected: [],
  through: sequence(5),
  missing: [],
  time: '2026-11-22T08:00:00.000+08:00',
}

/** What the uplink waits for, each time; a machine that stands still for seconds may look like a dead line besides. */
function waitsOf(uplink: Uplink): string[] {
  const seen: string[] = []
  uplink.onChange(({ state, reason, backlog }) => {
    if (state === 'waiting' && reason !== 'no-line') seen.push(`${reason} with ${backlog}`)
  })
  return seen
}

/** Each is somebody's answer who is not the hall, or the hall's own after somebody has had it in hand. */
const strange: [string, LineFault][] = [
  ['a captive portal’s page with 200', html(200)],
  ['a portal’s page under the hall’s media type', json(200, PORTAL)],
  ['a portal’s JSON', json(200, { status: 'ok', redirect: 'http://portal.example/' })],
  ['the right words under another media type', json(200, looksRight, 'text/html')],
  ['the right words with 201', json(201, looksRight)],
  ['204 and nothing', { kind: 'answer', status: 204, body: '' }],
  ['another epoch', members({ epoch: 2 })],
  ['a later sequence than was sent', members({ through: sequence(99_999) })],
  ['a sequence that is a number', members({ through: 5 })],
  [
    'a rejected event that was not sent',
    members({ rejected: [{ sequence: sequence(777), code: 'schema', detail: '' }] }),
  ],
  [
    'an event rejected twice',
    members({ rejected: [1, 1].map((one) => ({ sequence: sequence(one), code: 'schema', detail: '' })) }),
  ],
  ['half of the answer', { kind: 'alter', change: (body) => body.slice(0, body.length / 2) }],
  ['bytes that are no UTF-8', { kind: 'alter', change: (body) => body.replace('}', '\ud800}') }],
  ['a redirect', { kind: 'answer', status: 302, headers: { location: 'http://portal.example/' }, body: '' }],
  ['a proxy’s 400', html(400)],
  ['a proxy’s 401', html(401)],
  ['a proxy’s 403', html(403)],
  ['a proxy’s 409', html(409)],
  ['a proxy’s 413', html(413, '<html>Request Entity Too Large</html>')],
  [
    'a proxy’s problem in a language of its own',
    json(403, { type: 'about:blank', title: 'no' }, 'application/problem+json'),
  ],
]
const busy: [string, LineFault][] = [
  ...[408, 429, 500, 502, 503, 504].map((status): [string, LineFault] => [
    `a proxy’s ${status}`,
    html(status),
  ]),
  ['429 of the hall', json(429, problem('too-many-tries', 'wait'), 'application/problem+json')],
  ['500 of the hall', json(500, problem('internal', 'try again later'), 'application/problem+json')],
]

describe('nothing is let go, set aside or given up on', () => {
  test('on an answer that is not the hall’s, whatever it looks like', async () => {
    const made = await pair()
    const uplink = made.device.startUplink()
    const seen = waitsOf(uplink)
    for (const [name, fault] of strange) {
      seen.length = 0
      made.line.next(fault)
      made.device.capture(5)
      await until(() => made.device.outbox.backlog().count === 0)
      expect([name, ...seen]).toEqual([name, 'strange-answer with 5'])
      expect([name, uplink.status().alarm]).toEqual([name, false])
    }
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
    expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [], setAside: 0 })
  })

  test('on a 408, 429 or 5xx, of a proxy or of the hall', async () => {
    const made = await pair()
    const uplink = made.device.startUplink()
    const seen = waitsOf(uplink)
    for (const [name, fault] of busy) {
      seen.length = 0
      made.line.next(fault, fault)
      made.device.capture(5)
      await until(() => made.device.outbox.backlog().count === 0)
      expect([name, ...seen]).toEqual([name, 'hall-busy with 5', 'hall-busy with 5'])
    }
    expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
  })
})

test('an answer that covers a part lets that part go, and the rest is asked about again', async () => {
  const made = await pair()
  made.device.capture(20)
  made.line.next(members({ through: sequence(7), stored: 7 }))
  await made.drained()
  expect(made.line.seen.filter(({ path }) => path === '/v1/batches')).toHaveLength(2)
  expect(await storedIn(made.hallDir, deviceOf(made))).toEqual(made.device.captured)
  expect(await verified(made.hallDir, deviceOf(made))).toMatchObject({ faults: [] })
})

describe('one poisonous event among 500', () => {
  const BEFORE = 317
  const AFTER = 182

  /** The set-aside fact follows in the chain; everything else is there, in its order. */
  async function expectOnlyHole({ device, hallDir }: Pair, poison: string): Promise<void> {
    const deviceId = String(device.identity.deviceId)
    const stored = await storedIn(hallDir, deviceId)
    expect(stored.has(poison)).toBe(false)
    for (const [place, hash] of device.captured) expect([place, stored.get(place)]).toEqual([place, hash])
    expect(stored.size).toBe(device.captured.size + 1)
    expect(await verified(hallDir, deviceId)).toMatchObject({ faults: [], setAside: 1 })
  }

  test('of a type that this hall does not know yet is set aside, told of, and accepted as a hole', async () => {
    const made = await pair()
    made.device.capture(BEFORE)
    const poison = appendNewerFact(made.device)
    made.device.capture(AFTER)
    await made.drained()
    await expectOnlyHole(made, poison)
  })

  test('for which the batch is refused whole is found by halving, in few requests', async () => {
    const made = await pair()
    made.device.capture(BEFORE)
    const poison = appendNewerFact(made.device)
    made.device.capture(AFTER)
    const refusal = json(400, problem('batch-malformed', 'no'), 'application/problem+json')
    made.line.always((body, request) => {
      const text = unpacked(body, request.headers['content-encoding'])
      return text.includes(NEWER_TYPE) ? refusal : { kind: 'pass' }
    })
    await made.drained()
    await expectOnlyHole(made, poison)
    // Nine halvings of 500 down to one, and what lies before and after it in batches that double again.
    expect(made.line.seen.length).toBeLessThan(30)
  })

  test('that was damaged on the device’s disk keeps nothing else from the hall', async () => {
    const made = await pair()
    made.device.capture(BEFORE)
    const [poison = ''] = made.device.capture(1)
    made.device.capture(AFTER)
    made.device.captured.delete(poison)
    const changed = made.device.db
      .prepare(`UPDATE outbox_events SET text = replace(text, '"level":5', '"level":1') WHERE place = ?`)
      .run(storedPlace(1, BEFORE + 1))
    expect(changed.changes).toBe(1)
    await made.drained()
    await expectOnlyHole(made, poison)
    const levels = (await eventsIn(made.hallDir, deviceOf(made))).filter(({ text }) =>
      text.includes('"level":1,'),
    )
    expect(levels).toEqual([])
  })
})

function unpacked(body: Buffer, encoding: string | undefined): string {
  if (encoding === 'gzip') return gunzipSync(body).toString()
  return (encoding === 'zstd' ? zstdDecompressSync(body) : body).toString()
}
