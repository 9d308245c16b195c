import { createPublicKey } from 'node:crypto'
import { createVerifier, httpbis } from 'http-message-signatures'
import { describe, expect, it } from 'vitest'
import { createSigningKeyPair, signEd25519 } from '../../../sync/protocol/keys.ts'
import {
  CLOCK_TOLERANCE_SECONDS,
  contentDigest,
  type ReceivedRequest,
  signRequest,
  verifyRequest,
} from '../../../sync/protocol/signature.ts'

const { publicKey, privateKey } = createSigningKeyPair()
const signer = { keyId: 'T-0571-0001', sign: (bytes: Uint8Array) => signEd25519(privateKey, bytes) }
const now = new Date('2026-11-21T12:14:05Z')
const body = new TextEncoder().encode('[{"a":1}]')

const asked = { method: 'POST', path: '/v1/batches', body, idempotencyKey: 'k-1' }

function received(change: Partial<ReceivedRequest> = {}, headers: Record<string, string | undefined> = {}) {
  return { ...asked, ...change, headers: { ...signRequest(asked, signer, now), ...headers } }
}

const verify = (request: ReceivedRequest, at = now) =>
  verifyRequest(request, (keyId) => (keyId === signer.keyId ? publicKey : null), at)

/** The same signature input, signed anew after a change: right by RFC 9421, wrong by the contract. */
function resigned(change: (input: string) => string, request = received()): ReceivedRequest {
  const input = change(request.headers['signature-input'] ?? '')
  const parameters = input.slice('w24='.length)
  const components = [...parameters.slice(0, parameters.indexOf(')')).matchAll(/"([^"]+)"/g)].map((m) => m[1])
  const base = [
    ...components.map((name) =>
      name === '@method'
        ? '"@method": POST'
        : name === '@path'
          ? '"@path": /v1/batches'
          : `"${name}": ${request.headers[name as keyof typeof request.headers]}`,
    ),
    `"@signature-params": ${parameters}`,
  ].join('\n')
  const signature = Buffer.from(signer.sign(Buffer.from(base))).toString('base64')
  return {
    ...request,
    headers: { ...request.headers, 'signature-input': input, signature: `w24=:${signature}:` },
  }
}

describe('a signed request', () => {
  it('is verified with its keyid and time', async () => {
    expect(await verify(received())).toEqual({ ok: true, keyId: 'T-0571-0001', created: now })
  })

  it('has label, components and parameters as the contract has them', () => {
    expect(signRequest(asked, signer, now)['signature-input']).toBe(
      'w24=("@method" "@path" "content-digest" "idempotency-key")' +
        `;created=${now.getTime() / 1000};keyid="T-0571-0001";alg="ed25519"`,
    )
    expect(signRequest({ method: 'GET', path: '/v1/content', body: null }, signer, now)).toEqual({
      'signature-input': expect.stringMatching(/^w24=\("@method" "@path"\);created=\d+;/),
      signature: expect.stringMatching(/^w24=:[^:]{88}:$/),
    })
  })

  it('passes with and without a body and a key', async () => {
    for (const one of [
      { method: 'GET', path: '/v1/content', body: null },
      { method: 'PUT', path: '/v1/devices/T-0571-0001/status', body },
      { method: 'POST', path: '/v1/tickets', body: new Uint8Array(), idempotencyKey: '"quoted"' },
    ])
      expect(await verify({ ...one, headers: signRequest(one, signer, now) })).toMatchObject({ ok: true })
  })

  it('is taken by another implementation of RFC 9421 too', async () => {
    const key = createPublicKey({ key: publicKey, format: 'jwk' })
    const verifier = { id: signer.keyId, algs: ['ed25519'], verify: createVerifier(key, 'ed25519') }
    const request = {
      method: 'POST',
      url: 'https://hall.example/v1/batches',
      headers: signRequest(asked, signer, now),
    }
    const options = {
      keyLookup: async () => verifier,
      requiredFields: ['@method', '@path', 'content-digest'],
    }
    expect(await httpbis.verifyMessage(options, request)).toBe(true)
  })

  it.each([
    ['another method', { method: 'PUT' }],
    ['another path', { path: '/v1/batches2' }],
    ['an encoded path', { path: '/v1/%62atches' }],
    ['a path with two slashes', { path: '//v1/batches' }],
  ])('with %s is not what was signed', async (_, change) => {
    expect(await verify(received(change))).toMatchObject({ ok: false, code: 'signature-bad' })
  })

  it('whose body was changed on the way is found out', async () => {
    expect(await verify(received({ body: new TextEncoder().encode('[{"a":2}]') }))).toMatchObject({
      code: 'digest-mismatch',
    })
  })

  it('whose body and digest were changed together is found out', async () => {
    const other = new TextEncoder().encode('[{"a":2}]')
    const request = received({ body: other }, { 'content-digest': contentDigest(other) })
    expect(await verify(request)).toMatchObject({ code: 'signature-bad' })
  })

  it.each([
    ['no signature at all', { signature: undefined, 'signature-input': undefined }, 'signature-missing'],
    ['no input', { 'signature-input': undefined }, 'signature-malformed'],
    ['no signature value', { signature: undefined }, 'signature-malformed'],
    ['no digest for its body', { 'content-digest': undefined }, 'digest-mismatch'],
    ['an idempotency key that is gone', { 'idempotency-key': undefined }, 'signature-malformed'],
    ['another idempotency key', { 'idempotency-key': 'k-2' }, 'signature-bad'],
    ['two idempotency keys', { 'idempotency-key': 'k-1, k-1' }, 'signature-malformed'],
    ['half a signature', { signature: 'w24=:YWJj:' }, 'signature-malformed'],
    [
      'a signature of nothing',
      { signature: `w24=:${Buffer.alloc(64).toString('base64')}:` },
      'signature-bad',
    ],
  ])('with %s is refused', async (_, headers, code) => {
    expect(await verify(received({}, headers))).toMatchObject({ ok: false, code })
  })

  it('that gained an idempotency key on the way is refused', async () => {
    const plain = { method: 'POST', path: '/v1/batches', body }
    const headers = { ...signRequest(plain, signer, now), 'idempotency-key': 'k-9' }
    expect(await verify({ ...plain, headers })).toMatchObject({ code: 'signature-malformed' })
  })

  it('that gained or lost its body on the way is refused', async () => {
    const plain = { method: 'POST', path: '/v1/batches', body: null }
    expect(await verify({ ...plain, body, headers: signRequest(plain, signer, now) })).toMatchObject({
      code: 'signature-malformed',
    })
    expect(await verify(received({ body: null }))).toMatchObject({ code: 'signature-malformed' })
  })

  it('without a query stays without one', async () => {
    expect(await verify(received({ path: '/v1/batches?x=1' }))).toMatchObject({ code: 'query-not-allowed' })
    expect(() => signRequest({ ...asked, path: '/v1/batches?x=1' }, signer, now)).toThrow(/query/)
  })

  it.each([
    ['another label', (input: string) => input.replace('w24=', 'sig=')],
    ['another algorithm', (input: string) => input.replace('ed25519', 'hmac-sha256')],
    ['no algorithm', (input: string) => input.replace(';alg="ed25519"', '')],
    ['no time', (input: string) => input.replace(/;created=\d+/, '')],
    ['a further parameter', (input: string) => `${input};nonce="1"`],
    ['an expiry', (input: string) => input.replace(';keyid', ';expires=9999999999;keyid')],
    ['another order', (input: string) => input.replace(/(;created=\d+)(;keyid="[^"]+")/, '$2$1')],
    ['no path', (input: string) => input.replace(' "@path"', '')],
    ['no digest covered', (input: string) => input.replace(' "content-digest"', '')],
    ['a further component', (input: string) => input.replace('"@path"', '"@path" "@authority"')],
    ['two signatures', (input: string) => `${input}, sig2=("@method");created=1`],
  ])('signed rightly but with %s is not of the contract', async (_, change) => {
    expect(await verify(resigned(change))).toMatchObject({ ok: false, code: 'signature-malformed' })
    // The same way of signing, unchanged, is taken: it is the change that is refused.
    expect(await verify(resigned((input) => input))).toMatchObject({ ok: true })
  })

  it.each([
    ['signature-input', ';nonce="1"'],
    ['signature-input', ', sig2=("@method");created=1'],
    ['signature', ', sig2=:YWJj:'],
  ] as const)('whose %s got %j behind it on the way is refused', async (name, more) => {
    const headers = signRequest(asked, signer, now)
    const request = received({}, { [name]: `${headers[name]}${more}` })
    expect(await verify(request)).toMatchObject({ ok: false, code: 'signature-malformed' })
  })

  it('of an unknown device is told so', async () => {
    expect(await verifyRequest(received(), () => null, now)).toMatchObject({ code: 'unknown-key' })
  })

  it('of another key is refused', async () => {
    const other = createSigningKeyPair()
    expect(await verifyRequest(received(), () => other.publicKey, now)).toMatchObject({
      code: 'signature-bad',
    })
  })

  it('is refused by its clock only when it is over 5 minutes off and all else is right', async () => {
    const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
    expect(await verify(received(), later(CLOCK_TOLERANCE_SECONDS))).toMatchObject({ ok: true })
    expect(await verify(received(), later(-CLOCK_TOLERANCE_SECONDS))).toMatchObject({ ok: true })
    expect(await verify(received(), later(CLOCK_TOLERANCE_SECONDS + 1))).toMatchObject({ code: 'clock' })
    expect(await verify(received(), later(-CLOCK_TOLERANCE_SECONDS - 1))).toMatchObject({ code: 'clock' })
    expect(await verify(received({ method: 'PUT' }), later(9999))).toMatchObject({ code: 'signature-bad' })
  })
})
