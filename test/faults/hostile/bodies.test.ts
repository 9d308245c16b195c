import { Readable } from 'node:stream'
import { createZstdCompress, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { canonicalText, sha256Base64url } from '../../../sync/protocol/canonical.ts'
import { TestChain } from '../../sync/hall/helpers.ts'
import { HALL_TEST_TIMEOUT_MS, type HallProcess, startHallProcess } from './hall-process.ts'
import { endBoth, type HonestDevice, type Reply, Sender, startHonestDevice } from './sender.ts'

vi.setConfig({ testTimeout: HALL_TEST_TIMEOUT_MS, hookTimeout: HALL_TEST_TIMEOUT_MS })

const MIB = 1024 * 1024

/**
 * What one hostile sender may cost, whatever it sends: a batch's 1 MiB packed and its 1 MiB unpacked, their text and
 * parsed values (some 20 times that for a body of brackets), and what V8 has not collected yet.
 */
const MEMORY_BOUND_BYTES = 160 * MIB

let hall: HallProcess
let sender: Sender
let honest: HonestDevice
let chain: TestChain
beforeAll(async () => {
  hall = await startHallProcess()
  sender = new Sender(hall)
  await sender.enrol()
  chain = new TestChain(sender.deviceId)
  honest = await startHonestDevice(hall)
  await sender.batchInTurn(`[${chain.next('system', { fact: 'stop' }).text}]`)
})
afterAll(async () => {
  expect(await endBoth(hall, honest)).toBe(0)
  expect(hall.log()).not.toContain('unforeseen')
})

async function bounded(attack: () => Promise<unknown>): Promise<number> {
  const before = hall.memory().now
  hall.resetPeak()
  await attack()
  const grown = hall.memory().peak - before
  expect(hall.alive()).toBe(true)
  expect(grown).toBeLessThan(MEMORY_BOUND_BYTES)
  return grown
}

const answered = ({ status, code }: Reply): string => `${status} ${code}`

/** The text of an event whose hash is its own, whatever it holds. */
function forged(change: Record<string, unknown>): string {
  const made = chain.branch().next('system', { fact: 'stop' }).event
  const { hash: _, ...unhashed } = { ...made, ...change }
  return canonicalText({ ...unhashed, hash: sha256Base64url(canonicalText(unhashed)) })
}

/** Packed as it is made: nobody holds it whole. */
async function zstdBomb(mebibytes: number): Promise<Uint8Array> {
  const blank = Buffer.alloc(MIB, ' ')
  const packing = Readable.from(Array.from({ length: mebibytes }, () => blank)).pipe(createZstdCompress())
  return Buffer.concat(await packing.toArray())
}

describe('an unpacking bomb is refused at 1 MiB', () => {
  const gzipBomb = gzipSync(Buffer.alloc(256 * MIB, ' '), { level: 9 })
  const packed: [string, string, () => Uint8Array | Promise<Uint8Array>, string][] = [
    ['gzip, 1000:1', 'gzip', () => gzipBomb, '413 batch-too-large'],
    ['zstd, 10,000:1', 'zstd', () => zstdBomb(1_000), '413 batch-too-large'],
    ['gzip within gzip', 'gzip', () => gzipSync(gzipBomb), '400 batch-malformed'],
    ['gzip, gzip', 'gzip, gzip', () => gzipSync(gzipBomb), '415 encoding-unknown'],
    [
      'many gzip members',
      'gzip',
      () => Buffer.concat(Array.from({ length: 500 }, () => gzipSync(Buffer.alloc(64 * 1024, ' ')))),
      '413 batch-too-large',
    ],
  ]
  for (const [name, encoding, make, expected] of packed)
    test(name, async () => {
      const bomb = await make()
      await bounded(async () => {
        const answers = await Promise.all(
          Array.from({ length: 8 }, async () => await sender.batch(bomb, encoding)),
        )
        // Of one device two at once are taken in; the others are told to come later, unread.
        const seen = new Set(answers.map(answered))
        seen.delete('429 hall-busy')
        seen.add(answered(await sender.batchInTurn(bomb, encoding)))
        expect(seen).toEqual(new Set([expected]))
      })
    })
})

describe('JSON that no device makes', () => {
  const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
  const asBatch: [string, string | Uint8Array, string][] = [
    ['100,000 brackets', deep(100_000), '400 batch-malformed'],
    ['100,000 brackets without an end', '['.repeat(100_000), '400 batch-malformed'],
    ['100,000 braces', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, '400 batch-malformed'],
    ['half a million empty events', `[${'[],'.repeat(300_000)}[]]`, '413 batch-too-large'],
    ['a million commas', ','.repeat(MIB), '400 batch-malformed'],
    ['one string of 1 MiB', `["${'a'.repeat(MIB - 8)}"]`, '400 batch-malformed'],
    ['a number of a million digits', `[${'9'.repeat(MIB - 8)}]`, '400 batch-malformed'],
    ['a million backslashes', `["${'\\'.repeat(MIB - 8)}"]`, '400 batch-malformed'],
    ['NaN', '[NaN]', '400 batch-malformed'],
    ['Infinity', '[{"epoch":Infinity}]', '400 batch-malformed'],
    ['numbers past any', '[{"epoch":1e999,"sequence":1e999}]', '400 batch-malformed'],
    ['bytes that are no UTF-8', Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d]), '400 batch-malformed'],
    [
      'UTF-8 longer than it need be',
      Buffer.from([0x5b, 0x22, 0xc0, 0xaf, 0x22, 0x5d]),
      '400 batch-malformed',
    ],
    ['a surrogate in UTF-8', Buffer.from([0x5b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x5d]), '400 batch-malformed'],
    ['a byte order mark', `\ufeff[{}]`, '400 batch-malformed'],
    ['UTF-16', Buffer.from('[{}]', 'utf16le'), '400 batch-malformed'],
  ]
  for (const [name, body, expected] of asBatch)
    test(`is refused as a batch: ${name}`, async () => {
      await bounded(async () => expect(answered(await sender.batchInTurn(body))).toBe(expected))
    })

  test('is refused as a status and as an enrolment', async () => {
    const status = async (body: string): Promise<string> => {
      const path = `/v1/devices/${sender.deviceId}/status`
      return answered(
        await sender.ask({ method: 'PUT', path, body, headers: { 'content-type': 'application/json' } }),
      )
    }
    const enrolment = async (body: string): Promise<number> => {
      const headers = { 'content-type': 'application/json' }
      return (await sender.ask({ method: 'POST', path: '/v1/devices', body, headers })).status
    }
    await bounded(async () => {
      for (const body of [
        deep(30_000),
        `{"role":${deep(30_000)}}`,
        '{"uptimeSeconds":9007199254740993}',
        '{"__proto__":{}}',
        '\ud800',
      ])
        expect(await status(body)).toBe('400 body-invalid')
      // Three: the fifth try of a minute would be told to wait.
      for (const body of [
        deep(8_000),
        '{"__proto__":{"role":"pad"}}',
        '{"constructor":{"prototype":{"role":"pad"}}}',
      ])
        expect(await enrolment(body)).toBe(400)
    })
  })
})

describe('an event that no device makes is not stored', () => {
  const rejected = async (text: string): Promise<unknown> => {
    const { status, text: answer } = await sender.batchInTurn(`[${text}]`)
    const {
      stored,
      rejected: told,
      code,
    } = JSON.parse(answer) as { stored?: number; rejected?: { code: string }[]; code?: string }
    expect(stored ?? 0).toBe(0)
    return status === 200 ? told?.[0]?.code : code
  }
  const place = (): Record<string, unknown> =>
    JSON.parse(chain.branch().next('system', { fact: 'stop' }).text)

  test('with __proto__ or constructor among its members', async () => {
    const proto = JSON.parse('{"__proto__":{"fact":"stop"}}') as object
    expect(await rejected(forged({ data: proto }))).toBe('schema')
    expect(
      await rejected(forged({ data: { fact: 'stop', constructor: { prototype: { stored: 1 } } } })),
    ).toBe('schema')
    const text = forged({ data: { fact: 'stop' } })
    expect(await rejected(text.replace('{"data"', '{"__proto__":{"a":1},"data"'))).toMatch(
      /not-canonical|hash|batch-malformed/,
    )
  })

  test('with a member that stands twice', async () => {
    const text = forged({})
    expect(await rejected(text.replace('"epoch":1', '"epoch":1,"epoch":1'))).toBe('not-canonical')
    expect(await rejected(text.replace('"fact":"stop"', '"fact":"start","fact":"stop"'))).toBe(
      'not-canonical',
    )
  })

  test('with integers past 2^53, fractions or a minus before zero', async () => {
    for (const epoch of ['9007199254740993', '1e400', '1.5', '-0', '-1', '0', '0x1', '01'])
      expect(await rejected(forged({}).replace('"epoch":1', `"epoch":${epoch}`))).toBe('batch-malformed')
    expect(await rejected(forged({}).replace('"epoch":1', '"epoch":1e0'))).toBe('not-canonical')
    for (const sequence of [
      '99999999999999999999',
      '9007199254740993',
      '-0000000000000000001',
      '0000000000000000000x',
      '1',
    ])
      expect(await rejected(forged({ sequence }))).toMatch(/batch-malformed|batch-not-consecutive/)
  })

  test('so deep that a walker by recursion would fall', async () => {
    const text = JSON.stringify(place()).replace(
      '"fact":"stop"',
      `"fact":${'['.repeat(7_500)}${']'.repeat(7_500)}`,
    )
    expect(await rejected(text)).toMatch(/not-json|not-canonical|hash|schema|too-large|batch-malformed/)
  })

  test('with controls, lone surrogates or too many bytes in a string', async () => {
    expect(await rejected(forged({ data: { fact: 'stop', more: '\u0000' } }))).toBe('control-character')
    expect(await rejected(JSON.stringify(place()).replace('"stop"', '"\\ud800"'))).toMatch(
      /not-json|not-canonical|batch-malformed/,
    )
    expect(await rejected(forged({ data: { fact: 'x'.repeat(20_000) } }))).toBe('too-large')
  })

  test('at a place that no chain reaches, it costs no more than any other', async () => {
    const far = new TestChain(sender.deviceId)
    far.epoch = 4_000_000_000
    far.sequence = Number.MAX_SAFE_INTEGER - 10
    await bounded(async () => {
      const { status, text } = await sender.batchInTurn(`[${far.next('system', { fact: 'stop' }).text}]`)
      const { stored, missing } = JSON.parse(text) as { stored: number; missing: string[] }
      expect([status, stored, missing.length]).toEqual([200, 1, 500])
    })
  })
})
