/** A device and its hall over TLS, with certificates of every kind that is wrong. */
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createHallClient, type HallClient } from '../../sync/hall-client.ts'
import { createHallClock } from '../../sync/hall-clock.ts'
import { readAuthorities, readPin } from '../../sync/hall-trust.ts'
import { loadIdentity } from '../../sync/identity.ts'
import { newFolder, startTestHall, TestClock, type TestHall } from './hall/helpers.ts'
import { type Authority, type Issued, makeAuthority } from './support/certificates.ts'

let authority: Authority
let other: Authority
beforeAll(() => {
  authority = makeAuthority()
  other = makeAuthority('Another CA')
})
afterAll(() => {
  authority.close()
  other.close()
})

const halls: TestHall[] = []
afterEach(async () => {
  for (const hall of halls.splice(0)) await hall.close()
})

/** @param at what the hall's clock says at the start; its own certificate is right then */
async function hallWith(tls: Issued, at: string | null = null): Promise<TestHall> {
  const clock = new TestClock()
  if (at !== null) clock.advance(Date.parse(at) - Date.now())
  const hall = await startTestHall({ tls, clock: clock.now })
  expect(hall.hall.url).toMatch(/^https:/)
  halls.push(hall)
  return hall
}

interface Setup {
  ca?: string | null
  pin?: string
}

function client(url: string, { ca = authority.ca.certFile, pin }: Setup = {}): HallClient {
  const pins = pin === undefined ? [] : [readPin(pin) ?? '']
  const identity = loadIdentity(newFolder())
  const trust = { ca: ca === null ? null : readAuthorities(ca), pins }
  return createHallClient({ url, identity, clock: createHallClock(), trust })
}

async function enrol(hall: TestHall, who: HallClient) {
  const enrolmentCode = hall.hall.createEnrolmentCode()
  return await who.enrol({ enrolmentCode, role: 'pad', name: '12', window: '12', software: '0.1.0' })
}

const refusedWith = (detail: string) => ({ ok: false, kind: 'no-answer', reason: 'unreachable', detail })

describe('a hall with a certificate of its own authority', () => {
  test('is trusted by a device that was given it, as a file or as its text', async () => {
    const hall = await hallWith(authority.issue('good'))
    expect(await enrol(hall, client(hall.hall.url))).toMatchObject({ ok: true })
    expect(await client(hall.hall.url, { ca: authority.ca.pem }).time()).toMatchObject({ ok: true })
  })

  test('is trusted through an authority between them', async () => {
    const between = authority.issue('between', { authority: true })
    const hall = await hallWith(authority.issue('below', { through: between }))
    expect(await enrol(hall, client(hall.hall.url))).toMatchObject({ ok: true })
  })

  test('is not trusted by a device that was given another, or none', async () => {
    const { hall } = await hallWith(authority.issue('good'))
    expect(await client(hall.url, { ca: other.ca.certFile }).time()).toEqual(
      refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    )
    expect(await client(hall.url, { ca: null }).time()).toEqual(
      refusedWith('UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    )
  })

  test('is not trusted under another name', async () => {
    const { hall } = await hallWith(authority.issue('elsewhere', { host: 'DNS:hall.example' }))
    expect(await client(hall.url).time()).toEqual(refusedWith('ERR_TLS_CERT_ALTNAME_INVALID'))
  })

  test('whose certificate has expired is not trusted, whatever the hall says of the time', async () => {
    const { hall } = await hallWith(
      authority.issue('old', { until: '20210101000000Z' }),
      '2020-06-01T00:00:00Z',
    )
    expect(await client(hall.url).time()).toEqual(refusedWith('CERT_HAS_EXPIRED'))
  })
})

describe('a pinned hall', () => {
  test('is known by its key, also after its certificate was renewed', async () => {
    const first = authority.issue('first')
    const renewed = authority.issue('renewed', { keyOf: first })
    for (const tls of [first, renewed]) {
      const hall = await hallWith(tls)
      expect(await enrol(hall, client(hall.hall.url, { pin: first.pin }))).toMatchObject({ ok: true })
    }
  })

  test('is not taken for itself with another key, though the authority has signed it', async () => {
    const { hall } = await hallWith(authority.issue('good'))
    const { pin } = authority.issue('mine')
    expect(await client(hall.url, { pin }).time()).toEqual(refusedWith('PIN_MISMATCH'))
  })

  test('still needs a trusted authority: the pin comes beside it', async () => {
    const good = authority.issue('good')
    const { hall } = await hallWith(good)
    expect(await client(hall.url, { pin: good.pin, ca: other.ca.certFile }).time()).toMatchObject({
      ok: false,
    })
  })
})

describe('a device whose clock is far off from its pinned hall’s', () => {
  const eras = [
    [
      'later than the certificate, as its hall is not',
      { from: '20200101000000Z', until: '20210101000000Z' },
      '2020-06-01T00:00:00Z',
    ],
    ['earlier, as at 1970', { from: '20900101000000Z', until: '20910101000000Z' }, '2090-06-01T00:00:00Z'],
  ] as const

  test.each(eras)('%s, asks for the time, enrols and goes on by it', async (_, dates, hallTime) => {
    const tls = authority.issue('era', dates)
    const hall = await hallWith(tls, hallTime)
    const who = client(hall.hall.url, { pin: tls.pin })
    expect(await enrol(hall, who)).toMatchObject({ ok: true })
    expect(Math.abs(who.clock.hallNow().getTime() - Date.parse(hallTime))).toBeLessThan(60_000)
    expect(await who.getManifest(null)).toMatchObject({ ok: true, value: { changed: true } })
  })

  test('through an authority between them as well', async () => {
    const dates = { from: '20200101000000Z', until: '20210101000000Z' }
    const between = authority.issue('between', { authority: true, ...dates })
    const tls = authority.issue('below', { through: between, ...dates })
    const hall = await hallWith(tls, '2020-06-01T00:00:00Z')
    expect(await enrol(hall, client(hall.hall.url, { pin: tls.pin }))).toMatchObject({ ok: true })
  })

  const past = { from: '20200101000000Z', until: '20210101000000Z' }
  const wrong: [string, () => [Issued, string], string][] = [
    [
      'a certificate that is expired by the hall’s own time too',
      () => [authority.issue('x', past), '2022-01-01T00:00:00Z'],
      'CERT_HAS_EXPIRED',
    ],
    [
      'one that is not yet valid by it',
      () => [authority.issue('x', past), '2019-01-01T00:00:00Z'],
      'CERT_NOT_YET_VALID',
    ],
    [
      'one for another name',
      () => [authority.issue('x', { ...past, host: 'DNS:hall.example' }), '2020-06-01T00:00:00Z'],
      'CERT_HAS_EXPIRED',
    ],
    ['one of another authority', () => [other.issue('x', past), '2020-06-01T00:00:00Z'], 'CERT_HAS_EXPIRED'],
    [
      'one that is for clients',
      () => [authority.issue('x', { ...past, purpose: 'clientAuth' }), '2020-06-01T00:00:00Z'],
      'CERT_HAS_EXPIRED',
    ],
    [
      'one whose authority between has expired by it',
      () => {
        const between = authority.issue('b', {
          authority: true,
          from: '20190101000000Z',
          until: '20200201000000Z',
        })
        return [authority.issue('x', { ...past, through: between }), '2020-06-01T00:00:00Z']
      },
      'CERT_HAS_EXPIRED',
    ],
    [
      'one signed by a server in place of an authority',
      () => {
        const server = authority.issue('s', past)
        return [authority.issue('x', { ...past, through: server }), '2020-06-01T00:00:00Z']
      },
      'CERT_HAS_EXPIRED',
    ],
  ]
  test.each(wrong)('does not take %s', async (_, make) => {
    const [tls, at] = make()
    const hall = await hallWith(tls, at)
    const who = client(hall.hall.url, { pin: tls.pin })
    expect(await enrol(hall, who)).toMatchObject({ ok: false, kind: 'no-answer', reason: 'unreachable' })
    expect(await enrol(hall, who), 'nor at the second try').toMatchObject({ ok: false, kind: 'no-answer' })
    expect(await hall.hall.counts()).toEqual({ rating: 0, events: 0 })
  })

  test('does not even ask the time of a server with another key', async () => {
    const tls = authority.issue('era', past)
    const { pin } = authority.issue('mine')
    let asked = 0
    const server = createServer({ cert: tls.pem, key: readFileSync(tls.keyFile) }, (_, response) => {
      asked += 1
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const who = client(`https://127.0.0.1:${(server.address() as AddressInfo).port}`, { pin })
    expect(await who.time()).toEqual(refusedWith('CERT_HAS_EXPIRED'))
    expect(asked).toBe(0)
    server.close()
  })
})

test('a hall takes a renewed certificate without a restart', async () => {
  const first = authority.issue('first')
  const folder = newFolder()
  const tls = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') }
  const put = (one: Issued): void => {
    writeFileSync(tls.certFile, one.pem)
    writeFileSync(tls.keyFile, readFileSync(one.keyFile))
  }
  put(first)
  const hall = await startTestHall({ tls })
  halls.push(hall)
  const next = authority.issue('next')
  put(next)
  hall.hall.reload()
  expect(await client(hall.hall.url, { pin: next.pin }).time()).toMatchObject({ ok: true })
  expect(await client(hall.hall.url, { pin: first.pin }).time()).toEqual(refusedWith('PIN_MISMATCH'))
  writeFileSync(tls.keyFile, readFileSync(first.keyFile))
  hall.hall.reload()
  expect(
    await client(hall.hall.url, { pin: next.pin }).time(),
    'a key of another is not taken',
  ).toMatchObject({
    ok: true,
  })
})

test('a certificate and a key that do not belong together are told before anything listens', async () => {
  const { certFile } = authority.issue('one')
  const { keyFile } = authority.issue('two')
  await expect(startTestHall({ tls: { certFile, keyFile } })).rejects.toMatchObject({ code: 'tls-invalid' })
  await expect(startTestHall({ tls: { certFile, keyFile: '/nowhere' } })).rejects.toMatchObject({
    code: 'tls-invalid',
    message: expect.stringContaining('ENOENT'),
  })
})
