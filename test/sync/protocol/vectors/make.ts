/**
 * Makes vectors.json: `node scripts/run.js test/sync/protocol/vectors/make.ts`. Everything in it is fixed, the
 * randomness too, so that the same version makes the same bytes. The product's own code is used for canonical texts,
 * digests and signatures only; events and seals are put together here, as another implementation would.
 */
import { createPrivateKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { CompactEncrypt, importJWK } from 'jose'
import { canonicalText, sha256Base64url, sha256Hex } from '../../../../sync/protocol/canonical.ts'
import { FIRST_PREVHASH, formatSequence } from '../../../../sync/protocol/identifiers.ts'
import { signEd25519, thumbprint } from '../../../../sync/protocol/keys.ts'
import { signRequest } from '../../../../sync/protocol/signature.ts'

const DEVICE = 'P-0571-0012'
const PADDING_BYTES = 8 * 1024

/** RFC 8037 appendix A.1: published, so never anybody's real key. */
const deviceKey = {
  kty: 'OKP',
  crv: 'Ed25519',
  d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const

/** RFC 7748 §6.1: Alice is the hall, Bob the key that a device makes for one sealing. */
const hallKey = {
  kty: 'OKP',
  crv: 'X25519',
  x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
  d: 'dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo',
} as const
const ephemeralKey = {
  kty: 'OKP',
  crv: 'X25519',
  x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08',
  d: 'XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os',
} as const
const { d: _, ...publicHalf } = hallKey
const sealingKid = thumbprint(hallKey)
const initializationVector = Buffer.from('000102030405060708090a0b', 'hex')

const privateKey = createPrivateKey({ key: deviceKey, format: 'jwk' })

async function sealed(payload: object): Promise<string> {
  return await new CompactEncrypt(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', kid: sealingKid, typ: 'w24-sealed' })
    .setKeyManagementParameters({ epk: createPrivateKey({ key: ephemeralKey, format: 'jwk' }) })
    .setInitializationVector(initializationVector)
    .encrypt(await importJWK(publicHalf, 'ECDH-ES'))
}

const comment = {
  purpose: 'rating',
  device: DEVICE,
  iat: 1_795_263_245,
  jti: '0c6a5d4e-5b7f-4c7e-9f43-1d1c1c2b7a01',
  text: '等了很久，\n但办得仔细。',
}
const user = {
  purpose: 'search',
  device: DEVICE,
  iat: 1_795_263_245,
  jti: '0c6a5d4e-5b7f-4c7e-9f43-1d1c1c2b7a02',
  user: { type: '1', name: '𬭎·䶮', idType: '111', idNumber: '330099199003072317', phone: null },
}

interface Place {
  epoch: number
  sequence: number
  id: string
  type: string
  time: string
}

function event(place: Place, prevhash: string, data: object): { text: string; hash: string } {
  const unhashed = {
    specversion: '1.0',
    id: place.id,
    source: `/devices/${DEVICE}`,
    type: `cn.window24.${place.type}.v1`,
    time: place.time,
    datacontenttype: 'application/json',
    epoch: place.epoch,
    sequence: formatSequence(place.sequence),
    prevhash,
    data,
  }
  const hash = sha256Base64url(canonicalText(unhashed))
  return { text: canonicalText({ ...unhashed, hash }), hash }
}

function padded(texts: readonly string[]): Buffer {
  const plain = Buffer.from(`[${texts.join(',')}]`)
  const body = Buffer.alloc(Math.ceil(plain.byteLength / PADDING_BYTES) * PADDING_BYTES, ' ')
  plain.copy(body)
  return body
}

function request(method: string, path: string, body: Buffer | null, idempotencyKey?: string): object {
  const created = 1_795_263_245
  const keyId = DEVICE
  const bases: Uint8Array[] = []
  const sign = (bytes: Uint8Array): Uint8Array => {
    bases.push(bytes)
    return signEd25519(privateKey, bytes)
  }
  const headers = signRequest(
    { method, path, body, idempotencyKey },
    { keyId, sign },
    new Date(created * 1000),
  )
  return {
    method,
    path,
    keyId,
    created,
    idempotencyKey: idempotencyKey ?? null,
    bodyBase64: body === null ? null : body.toString('base64'),
    signatureBase: Buffer.concat(bases).toString(),
    headers,
  }
}

export async function makeVectors() {
  const rated = {
    caseNo: 'YX2026110007K3',
    itemCode: '11330099MB0A00010R3000101001000',
    itemName: '居民身份证申领（首次）',
    handleItem: null,
    serviceName: '受理 "䶮𬭎"\n',
    serviceNumber: 1,
    ticketNo: 'A012',
  }
  const staff = { staffId: 'S012', window: '12' }
  const rating = {
    level: 2,
    labels: ['207'],
    reasonPending: false,
    dictionary: '2019.1',
    comment: await sealed(comment),
    channel: 'pad',
    assessNumber: 1,
    proof: 'none',
    case: rated,
    staff,
    anonymous: true,
    user: null,
    askedAt: '2026-11-21T20:13:41.007+08:00',
    capturedAt: '2026-11-21T20:14:05.123+08:00',
    clock: { synchronized: true, offsetMs: -12 },
  }

  const id = (number: number): string => `01936b6c-0f00-7000-8000-${String(number).padStart(12, '0')}`
  const start = event(
    { epoch: 1, sequence: 1, id: id(1), type: 'system', time: '2026-11-21T08:25:00.000+08:00' },
    FIRST_PREVHASH,
    { fact: 'start', software: 'window24 0.1.0', bootId: '5d6f3a52-9d7a-4c36-8f0a-1c2f5b8d9e01' },
  )
  const first = event(
    { epoch: 1, sequence: 2, id: id(2), type: 'rating', time: '2026-11-21T20:14:09.300+08:00' },
    start.hash,
    rating,
  )
  const declined = event(
    { epoch: 1, sequence: 3, id: id(3), type: 'rating-declined', time: '2026-11-21T20:19:30.000+08:00' },
    first.hash,
    { outcome: 'not-now', case: null, staff, askedAt: '2026-11-21T20:19:02.500+08:00' },
  )
  /** Not sent: the hall would not take it, and the next fact says so. */
  const unsent = event(
    { epoch: 1, sequence: 4, id: id(4), type: 'session', time: '2026-11-21T20:20:00.000+08:00' },
    declined.hash,
    { services: ['guides'], seconds: 31, endedBy: 'citizen' },
  )
  const setAside = event(
    { epoch: 1, sequence: 5, id: id(5), type: 'system', time: '2026-11-21T20:20:01.000+08:00' },
    unsent.hash,
    { fact: 'set-aside', epoch: 1, sequence: formatSequence(4), hash: unsent.hash, reason: 'schema' },
  )
  /** A store that is new or restored: the epoch is raised, and its first event links to the last known hash. */
  const restored = event(
    { epoch: 2, sequence: 1, id: id(6), type: 'system', time: '2026-11-22T08:25:00.000+08:00' },
    setAside.hash,
    { fact: 'start', software: 'window24 0.1.0', bootId: '5d6f3a52-9d7a-4c36-8f0a-1c2f5b8d9e02' },
  )
  const sentTexts = [start.text, first.text, declined.text]

  const canonical = [
    '{"b":1,"a":{"z":null,"y":[true,false]}}',
    '{"é":1,"e":2,"\\u20ac":3,"\\ud83d\\ude02":4,"דּ":5}',
    '[1E2,4.50,-0,1e21,0.000001,1e-7,9007199254740991]',
    '"\\u0041\\u000a\\u005c\\u0022\\/ 䶮 \\ud86d\\udf4e \\u2028"',
  ].map((json) => {
    const text = canonicalText(JSON.parse(json))
    return { json, canonical: text, sha256: sha256Base64url(text) }
  })

  const place = { epoch: 1, sequence: 1, id: id(9), type: 'system', time: '2026-11-21T08:25:00.000+08:00' }
  const stop = event(place, FIRST_PREVHASH, { fact: 'stop' })
  const withTab = event({ ...place, type: 'session' }, FIRST_PREVHASH, {
    services: ['a\tb'],
    seconds: 1,
    endedBy: 'citizen',
  })
  const sixStars = event({ ...place, type: 'rating' }, FIRST_PREVHASH, { ...rating, level: 6 })
  const refused = [
    { why: 'hash', text: stop.text.replace('"stop"', '"start"') },
    { why: 'not-canonical', text: stop.text.replace('{"data"', '{ "data"') },
    { why: 'not-canonical', text: stop.text.replace('"fact":"stop"', '"fact":"start","fact":"stop"') },
    { why: 'not-json', text: stop.text.replace('"stop"', '"\\ud800"') },
    { why: 'control-character', text: withTab.text },
    { why: 'schema', text: sixStars.text },
  ]

  const plainBatch = `[${sentTexts.join(',')}]`
  const body = padded(sentTexts)
  return {
    keys: {
      device: { private: deviceKey, thumbprint: thumbprint(deviceKey) },
      sealing: { private: hallKey, kid: sealingKid },
    },
    canonical,
    chain: {
      device: DEVICE,
      events: [
        { sent: true, ...start },
        { sent: true, ...first },
        { sent: true, ...declined },
        { sent: false, ...unsent },
        { sent: true, ...setAside },
        { sent: true, ...restored },
      ],
      refused,
    },
    batch: {
      events: [0, 1, 2],
      paddedBytes: body.byteLength,
      paddedSha256: sha256Hex(body),
      gzipBase64: gzipSync(plainBatch).toString('base64'),
      zstdBase64: zstdCompressSync(plainBatch).toString('base64'),
      unpackedSha256: sha256Hex(plainBatch),
    },
    requests: [
      request('GET', '/v1/content', null),
      request('PUT', `/v1/devices/${DEVICE}/status`, Buffer.from('{"hello": "world"}')),
      request('POST', '/v1/pickups', Buffer.from('{}'), 'c0ffee-1'),
      request('POST', '/v1/batches', body),
    ],
    sealed: [
      { purpose: 'rating', device: DEVICE, payload: comment, jwe: await sealed(comment) },
      { purpose: 'search', device: DEVICE, payload: user, jwe: await sealed(user) },
    ],
  }
}

if (import.meta.main)
  writeFileSync(
    new URL('./vectors.json', import.meta.url),
    `${JSON.stringify(await makeVectors(), null, 2)}\n`,
  )
