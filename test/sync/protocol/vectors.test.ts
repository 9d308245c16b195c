import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { encodeBatch, splitBatch } from '../../../sync/protocol/batch.ts'
import { canonicalText, sha256Base64url, sha256Hex } from '../../../sync/protocol/canonical.ts'
import { checkEvent } from '../../../sync/protocol/chain.ts'
import { FIRST_PREVHASH } from '../../../sync/protocol/identifiers.ts'
import { publicKeyOf, signEd25519, thumbprint } from '../../../sync/protocol/keys.ts'
import { signRequest, verifyRequest } from '../../../sync/protocol/signature.ts'

/** Recorded once and never edited: whoever builds the other end holds their bytes against these. */
const Vectors = z.strictObject({
  key: z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), d: z.string() }),
  thumbprint: z.string(),
  events: z.array(z.strictObject({ text: z.string(), hash: z.string() })).length(3),
  batch: z.strictObject({ bytes: z.int(), sha256: z.string(), paddedFrom: z.int() }),
  request: z.strictObject({
    method: z.string(),
    path: z.string(),
    keyId: z.string(),
    created: z.int(),
    idempotencyKey: z.string(),
    body: z.string(),
    headers: z.record(z.string(), z.string()),
  }),
})

const vectors = Vectors.parse(JSON.parse(readFileSync(new URL('./vectors.json', import.meta.url), 'utf8')))
const privateKey = createPrivateKey({ key: vectors.key, format: 'jwk' })

it('the recorded events are one chain, to the last byte', () => {
  let prevhash = FIRST_PREVHASH
  for (const { text, hash } of vectors.events) {
    const checked = checkEvent(text)
    if (!checked.ok) throw new Error(`${checked.code}: ${checked.detail}`)
    const { hash: own, ...rest } = checked.event
    expect(checked.event.prevhash).toBe(prevhash)
    expect(own).toBe(hash)
    expect(sha256Base64url(canonicalText(rest))).toBe(hash)
    expect(canonicalText(checked.event)).toBe(text)
    prevhash = hash
  }
})

it('the recorded batch is made of them again', async () => {
  const texts = vectors.events.map((event) => event.text)
  const { body, contentEncoding } = await encodeBatch(texts)
  expect(contentEncoding).toBeNull()
  expect(body.byteLength).toBe(vectors.batch.bytes)
  expect(sha256Hex(body)).toBe(vectors.batch.sha256)
  expect(Buffer.from(body).toString().trimEnd()).toHaveLength(
    Buffer.from(body).subarray(0, vectors.batch.paddedFrom).toString().length,
  )
  expect(splitBatch(body)).toEqual({ ok: true, texts })
})

it('the recorded request is signed again to the same headers, and verified', async () => {
  const { method, path, keyId, created, idempotencyKey, headers } = vectors.request
  const body = Buffer.from(vectors.request.body)
  const signer = { keyId, sign: (bytes: Uint8Array) => signEd25519(privateKey, bytes) }
  const at = new Date(created * 1000)
  expect(signRequest({ method, path, body, idempotencyKey }, signer, at)).toEqual(headers)
  const publicKey = publicKeyOf(privateKey)
  expect(await verifyRequest({ method, path, body, headers }, () => publicKey, at)).toMatchObject({
    ok: true,
  })
  expect(thumbprint(publicKey)).toBe(vectors.thumbprint)
})
