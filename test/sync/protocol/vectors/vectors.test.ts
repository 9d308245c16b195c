import { createDecipheriv, createHash, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { splitBatch, unpackBatch } from '../../../../sync/protocol/batch.ts'
import { canonicalText, sha256Base64url, sha256Hex } from '../../../../sync/protocol/canonical.ts'
import { checkEvent } from '../../../../sync/protocol/chain.ts'
import { FIRST_PREVHASH, formatSequence } from '../../../../sync/protocol/identifiers.ts'
import {
  createSealingKeyPair,
  publicKeyOf,
  publicSealingKey,
  type SealingKeyPair,
  signEd25519,
  thumbprint,
} from '../../../../sync/protocol/keys.ts'
import { SealPurpose, seal, unseal } from '../../../../sync/protocol/sealing.ts'
import { signRequest, verifyRequest } from '../../../../sync/protocol/signature.ts'
import { makeVectors } from './make.ts'

type Vectors = Awaited<ReturnType<typeof makeVectors>>
const vectors: Vectors = JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8'))
const privateKey = createPrivateKey({ key: vectors.keys.device.private, format: 'jwk' })
const hallPair = { ...vectors.keys.sealing.private, kid: vectors.keys.sealing.kid }

test('the recorded set is what this version of the protocol makes', async () => {
  expect(JSON.parse(JSON.stringify(await makeVectors()))).toEqual(vectors)
})

test('the keys have the thumbprints that name them', () => {
  expect(thumbprint(publicKeyOf(privateKey))).toBe(vectors.keys.device.thumbprint)
  expect(thumbprint(hallPair)).toBe(hallPair.kid)
})

test.each(vectors.canonical)('the canonical text of $json', ({ json, canonical, sha256 }) => {
  expect(canonicalText(JSON.parse(json))).toBe(canonical)
  expect(createHash('sha256').update(canonical).digest('base64url')).toBe(sha256)
})

describe('the chain', () => {
  test('links to the last byte, over the hole that is owned up to and into the next epoch', () => {
    let prevhash = FIRST_PREVHASH
    const places: [number, string][] = []
    for (const { text, hash } of vectors.chain.events) {
      const checked = checkEvent(text)
      if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`)
      const { hash: own, ...rest } = checked.event
      expect(checked.event.prevhash).toBe(prevhash)
      expect([own, sha256Base64url(canonicalText(rest))]).toEqual([hash, hash])
      places.push([checked.event.epoch, checked.event.sequence])
      prevhash = hash
    }
    const first = [1, 2, 3, 4, 5].map((sequence) => [1, formatSequence(sequence)])
    expect(places).toEqual([...first, [2, formatSequence(1)]])
  })

  test('has a hash that needs no JSON: the text without its own hash member', () => {
    for (const { text, hash } of vectors.chain.events)
      expect(sha256Base64url(text.replace(`"hash":"${hash}","id"`, '"id"'))).toBe(hash)
  })

  test.each(vectors.chain.refused)('takes no $why', ({ why, text }) => {
    expect(checkEvent(text)).toMatchObject({ ok: false, code: why })
  })
})

describe('the batch', () => {
  const texts = vectors.batch.events.map((index) => vectors.chain.events[index]?.text ?? '')

  test('is padded so that its size tells nothing', () => {
    const body = Buffer.alloc(vectors.batch.paddedBytes, ' ')
    Buffer.from(`[${texts.join(',')}]`).copy(body)
    expect(vectors.batch.paddedBytes % (8 * 1024)).toBe(0)
    expect(sha256Hex(body)).toBe(vectors.batch.paddedSha256)
    expect(splitBatch(body)).toMatchObject({ ok: true, texts })
  })

  test.each(['gzip', 'zstd'] as const)('unpacks from %s to the same bytes', async (encoding) => {
    const packed = Buffer.from(vectors.batch[`${encoding}Base64`], 'base64')
    const unpacked = await unpackBatch(packed, encoding)
    if (!unpacked.ok) throw new Error(unpacked.code)
    expect(sha256Hex(unpacked.bytes)).toBe(vectors.batch.unpackedSha256)
    expect(splitBatch(unpacked.bytes)).toMatchObject({ ok: true, texts })
  })
})

interface SignedRequest {
  method: string
  path: string
  keyId: string
  created: number
  idempotencyKey: string | null
  bodyBase64: string | null
  signatureBase: string
  headers: Record<string, string>
}

test.each(vectors.requests as SignedRequest[])('the request $method $path', async (recorded) => {
  const { method, path, keyId, created, headers, signatureBase } = recorded
  const body = recorded.bodyBase64 === null ? null : Buffer.from(recorded.bodyBase64, 'base64')
  const bases: string[] = []
  const sign = (bytes: Uint8Array): Uint8Array => {
    bases.push(Buffer.from(bytes).toString())
    return signEd25519(privateKey, bytes)
  }
  const at = new Date(created * 1000)
  const idempotencyKey = recorded.idempotencyKey ?? undefined
  expect(signRequest({ method, path, body, idempotencyKey }, { keyId, sign }, at)).toEqual(headers)
  expect(bases).toEqual([signatureBase])
  const verified = await verifyRequest({ method, path, body, headers }, () => publicKeyOf(privateKey), at)
  expect(verified).toEqual({ ok: true, keyId, created: at })
  if (body !== null)
    expect(headers['content-digest']).toBe(`sha-256=:${createHash('sha256').update(body).digest('base64')}:`)
})

/** RFC 7518 §4.6 with nothing but primitives: X25519, Concat KDF over SHA-256, AES-256-GCM. */
function opened(jwe: string, key: SealingKeyPair): unknown {
  const [header = '', , iv = '', ciphertext = '', tag = ''] = jwe.split('.')
  const { epk } = JSON.parse(Buffer.from(header, 'base64url').toString())
  const shared = diffieHellman({
    privateKey: createPrivateKey({ key, format: 'jwk' }),
    publicKey: createPublicKey({ key: epk, format: 'jwk' }),
  })
  const counted = (bytes: Uint8Array): Buffer => Buffer.concat([number(bytes.byteLength), bytes])
  const number = (value: number): Buffer => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return bytes
  }
  const none = Buffer.alloc(0)
  const other = Buffer.concat([counted(Buffer.from('A256GCM')), counted(none), counted(none), number(256)])
  const secret = createHash('sha256').update(number(1)).update(shared).update(other).digest()
  const cipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(iv, 'base64url'))
  cipher.setAAD(Buffer.from(header)).setAuthTag(Buffer.from(tag, 'base64url'))
  return JSON.parse(
    Buffer.concat([cipher.update(Buffer.from(ciphertext, 'base64url')), cipher.final()]).toString(),
  )
}

describe('what is sealed', () => {
  test.each(vectors.sealed)(
    'for $purpose opens to what was put in',
    async ({ purpose, device, payload, jwe }) => {
      const expected = { purpose: SealPurpose.parse(purpose), device }
      const result = await unseal(jwe, [hallPair], expected)
      if (!result.ok) throw new Error(result.code)
      expect(result.unsealed.reveal()).toEqual(payload)
      expect(opened(jwe, hallPair)).toEqual(payload)
    },
  )

  test('by this project is opened by the primitives of the RFCs alone', async () => {
    const pair = createSealingKeyPair()
    const sealed = await seal(
      { purpose: 'report', device: 'T-0571-0001', text: '电梯坏了' },
      publicSealingKey(pair),
      new Date(1_795_263_245_000),
    )
    expect(opened(sealed, pair)).toMatchObject({ purpose: 'report', iat: 1_795_263_245, text: '电梯坏了' })
  })
})
