/** The kept library against the published vectors: what does not sign by the standard signs for nobody. */
import fc from 'fast-check'
import { sm2, sm3, sm4 } from 'sm-crypto-v2'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt } from '../../../../sync/hall/province/encryption.ts'
import { Credentials, sign, verify } from '../../../../sync/hall/province/signing.ts'
import { demoProvinceKeys } from '../../../../sync/hall/province/simulator/demo-keys.ts'

const hexBytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'))

describe('SM3', () => {
  it('of "abc" is what GB/T 32905-2016 A.1 prints', () => {
    expect(sm3('abc')).toBe('66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0')
  })

  it('of 64 bytes is what A.2 prints', () => {
    expect(sm3(hexBytes('61626364'.repeat(16)))).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    )
  })

  it('is the one that OpenSSL has', async () => {
    const { createHash } = await import('node:crypto')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(sm3(bytes)).toBe(createHash('sm3').update(bytes).digest('hex'))
      }),
    )
  })
})

describe('SM4', () => {
  it('of the standard key and block is what GB/T 32907-2016 A.1 prints', () => {
    const block = '0123456789abcdeffedcba9876543210'
    expect(sm4.encrypt(hexBytes(block), block, { mode: 'ecb', padding: 'none' })).toBe(
      '681edf34d206965e86b3e94f536e4246',
    )
  })

  it.each(['sm4-cbc', 'sm4-ecb'] as const)('%s opens with its own key only', (kind) => {
    const key = '57696e646f7732340000000000000001'
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const sealed = encrypt({ kind, encoding: 'base64' }, text, key)
        expect(decrypt({ kind, encoding: 'base64' }, sealed, key)).toBe(text)
      }),
    )
    const sealed = encrypt({ kind, encoding: 'hex' }, '一条记录', key)
    expect(decrypt({ kind, encoding: 'hex' }, sealed, key.replace('1', '2'))).not.toBe('一条记录')
  })
})

describe('SM2', () => {
  /** GB/T 32918.5-2017 A.2: the recommended curve, "message digest", the standard user id. */
  const publicKey =
    '0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13'
  const privateKey = '3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8'
  const published =
    'f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa'
  const over = {
    kind: 'sm2',
    over: '{payload}',
    encoding: 'hex',
    der: false,
    userId: '1234567812345678',
  } as const
  const credentials = new Credentials({ appKey: '', secret: '', privateKey, encryptionKey: '' })

  it('accepts the signature that the standard prints, and no other bit', () => {
    const filling = { payload: 'message digest' }
    expect(verify(over, filling, published, { credentials, publicKey })).toBe(true)
    expect(verify(over, filling, published.replace('f5', 'f4'), { credentials, publicKey })).toBe(false)
    expect(verify(over, { payload: 'message Digest' }, published, { credentials, publicKey })).toBe(false)
    expect(
      verify({ ...over, userId: '1234567812345679' }, filling, published, { credentials, publicKey }),
    ).toBe(false)
  })

  it('signs what the standard key verifies, as r and s and as DER', () => {
    expect(sm2.getPublicKeyFromPrivateKey(privateKey)).toBe(publicKey)
    for (const der of [false, true]) {
      const signing = { ...over, der, encoding: 'base64' } as const
      const signature = sign(signing, { payload: '一条记录' }, credentials)
      expect(verify(signing, { payload: '一条记录' }, signature, { credentials, publicKey })).toBe(true)
    }
  })
})

describe.each(['hmac-sha256', 'hmac-sm3', 'sm3'] as const)('%s', (kind) => {
  const signing = { kind, over: '{payload}{secret}', encoding: 'hex' } as const

  it('changes with the secret and with every character', () => {
    const keys = demoProvinceKeys()
    const other = {
      ...keys,
      credentials: new Credentials({ appKey: '', secret: 'x', privateKey: '', encryptionKey: '' }),
    }
    const signature = sign(signing, { payload: 'a' }, keys.credentials)
    expect(verify(signing, { payload: 'a' }, signature, keys)).toBe(true)
    expect(verify(signing, { payload: 'b' }, signature, keys)).toBe(false)
    expect(verify(signing, { payload: 'a' }, signature, other)).toBe(false)
    expect(verify(signing, { payload: 'a' }, '', keys)).toBe(false)
  })
})

it('HMAC with SM3 is the one that OpenSSL has', async () => {
  const { createHmac } = await import('node:crypto')
  const keys = demoProvinceKeys()
  const signing = { kind: 'hmac-sm3', over: '{payload}', encoding: 'hex' } as const
  const expected = createHmac('sm3', keys.credentials.secret()).update('一条记录').digest('hex')
  expect(sign(signing, { payload: '一条记录' }, keys.credentials)).toBe(expected)
})

it('keys print as nothing', () => {
  const { credentials } = demoProvinceKeys()
  const { inspect } = process.getBuiltinModule('node:util')
  for (const printed of [JSON.stringify(credentials), inspect(credentials), String(credentials)])
    expect(printed).not.toMatch(/not-a-secret|57696e64/)
})
