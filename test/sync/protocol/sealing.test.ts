import { inspect } from 'node:util'
import { CompactEncrypt, decodeProtectedHeader, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSealingKeyPair, publicSealingKey, SealingKey } from '../../../sync/protocol/keys.ts'
import { seal, type ToSeal, unseal } from '../../../sync/protocol/sealing.ts'

const pair = createSealingKeyPair()
const key = publicSealingKey(pair)
const now = new Date('2026-11-21T12:14:05Z')
const user = { type: '1', name: '张小雨', idType: '111', idNumber: '330099199003072317', phone: null }
const search: ToSeal = { purpose: 'search', device: 'T-0571-0001', user }
const here = { purpose: 'search', device: 'T-0571-0001' } as const

/** Seals anything under any header, as somebody would who breaks the contract. */
async function sealed(payload: unknown, header: Record<string, unknown> = {}): Promise<string> {
  const whole = { alg: 'ECDH-ES', enc: 'A256GCM', kid: pair.kid, typ: 'w24-sealed', ...header }
  return await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(payload)))
    .setProtectedHeader(whole)
    .encrypt(await importJWK(key, 'ECDH-ES'))
}

const payload = { ...search, iat: 1_795_000_000, jti: '2fe9f2a4-2b0f-4d4e-9a51-6f1d8f1f6a11' }

describe('what is sealed', () => {
  it('is opened by the hall with who, when and which', async () => {
    const result = await unseal(await seal(search, key, now), [createSealingKeyPair(), pair], here)
    if (!result.ok) throw new Error(result.code)
    expect(result.unsealed.sealedAt).toEqual(now)
    expect(result.unsealed.reveal()).toMatchObject({ ...search, jti: result.unsealed.jti })
  })

  it('may come wrapped, and is unwrapped only while it is sealed', async () => {
    const wrapped = { reveal: () => user, toJSON: () => '[personal]' }
    const words = { reveal: () => '窗口很热情' }
    const jwe = await seal({ purpose: 'search', device: 'T-0571-0001', user: wrapped, text: words }, key, now)
    const result = await unseal(jwe, [pair], here)
    expect(result.ok && result.unsealed.reveal()).toMatchObject({ user, text: '窗口很热情' })
  })

  it('has the header of the contract and is never the same twice', async () => {
    const [one, two] = [await seal(search, key, now), await seal(search, key, now)]
    expect(decodeProtectedHeader(one)).toEqual({
      alg: 'ECDH-ES',
      enc: 'A256GCM',
      epk: { kty: 'OKP', crv: 'X25519', x: expect.any(String) },
      kid: pair.kid,
      typ: 'w24-sealed',
    })
    expect(one).not.toBe(two)
    const ids = await Promise.all([one, two].map((jwe) => unseal(jwe, [pair], here)))
    expect(new Set(ids.map((result) => result.ok && result.unsealed.jti)).size).toBe(2)
  })

  it('prints as [personal] by every route but the one', async () => {
    const result = await unseal(await seal(search, key, now), [pair], here)
    if (!result.ok) throw new Error(result.code)
    const { unsealed } = result
    const routes = [
      String(unsealed),
      `${unsealed}`,
      JSON.stringify({ unsealed }),
      inspect(result, { depth: 9 }),
    ]
    for (const printed of routes) {
      expect(printed).toContain('[personal]')
      expect(printed).not.toMatch(/张|330099/)
    }
  })

  it('for one purpose or by one device opens nothing else', async () => {
    const jwe = await seal(search, key, now)
    expect(await unseal(jwe, [pair], { ...here, purpose: 'rating' })).toEqual({
      ok: false,
      code: 'seal-purpose',
    })
    expect(await unseal(jwe, [pair], { ...here, device: 'P-2' })).toEqual({ ok: false, code: 'seal-device' })
  })

  it('is of no use under another key', async () => {
    const jwe = await seal(search, key, now)
    expect(await unseal(jwe, [createSealingKeyPair()], here)).toEqual({ ok: false, code: 'seal-unknown-key' })
    const posing = { ...createSealingKeyPair(), kid: pair.kid }
    expect(await unseal(jwe, [posing], here)).toEqual({ ok: false, code: 'seal-broken' })
  })

  it('is found out when any part of it is altered', async () => {
    const jwe = await seal(search, key, now)
    const parts = jwe.split('.')
    for (const part of [0, 2, 3, 4]) {
      const altered = parts.map((text, i) => (i === part ? flipped(text) : text)).join('.')
      const result = await unseal(altered, [pair], here)
      expect(result.ok ? '' : result.code, `part ${part}`).toMatch(/^seal-(broken|malformed)$/)
    }
  })

  it.each([
    ['another typ', payload, { typ: 'JWT' }],
    ['no typ', payload, { typ: undefined }],
    ['another cipher', payload, { enc: 'A128GCM' }],
    ['a further header', payload, { cty: 'json' }],
    ['no jti', { ...payload, jti: undefined }, {}],
    ['no iat', { ...payload, iat: undefined }, {}],
    ['a purpose nobody knows', { ...payload, purpose: 'gossip' }, {}],
    ['no object', 'x', {}],
  ])('with %s is refused', async (_, what, header) => {
    expect(await unseal(await sealed(payload), [pair], here)).toMatchObject({ ok: true })
    expect(await unseal(await sealed(what, header), [pair], here)).toEqual({
      ok: false,
      code: 'seal-malformed',
    })
  })

  it.each(['', '....', 'x.y.z', 'a'.repeat(9000), '.'.repeat(5000)])(
    'that is no JWE is refused: %#',
    async (jwe) => {
      expect(await unseal(jwe, [pair], here)).toEqual({ ok: false, code: 'seal-malformed' })
    },
  )
})

it('the half of a sealing key that a device gets opens nothing', () => {
  expect(publicSealingKey(pair)).toEqual({ kty: 'OKP', crv: 'X25519', x: pair.x, kid: pair.kid })
  expect(SealingKey.parse(pair)).not.toHaveProperty('d')
})

function flipped(text: string): string {
  const at = Math.floor(text.length / 2)
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}
