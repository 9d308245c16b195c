/** The standards' own published examples: what is built here on kept libraries is what the RFCs mean. */
import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import { describe, expect, test } from 'vitest'
import {
  canonicalText,
  canonicityOf,
  readJsonText,
  sha256Base64url,
} from '../../../../sync/protocol/canonical.ts'
import { publicKeyOf, signEd25519, thumbprint, verifyEd25519 } from '../../../../sync/protocol/keys.ts'
import { contentDigest } from '../../../../sync/protocol/signature.ts'

describe('RFC 8785 appendix B: numbers', () => {
  const numbers: [string, string][] = [
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ]

  test.each(numbers)('%s is %s', (bits, text) => {
    expect(canonicalText(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text)
    const read = readJsonText(text)
    expect(read === null ? null : canonicityOf(read)).toBe('canonical')
  })

  test.each(['7fffffffffffffff', '7ff0000000000000'])('%s has no text', (bits) => {
    expect(() => canonicalText(Buffer.from(bits, 'hex').readDoubleBE())).toThrow()
  })
})

describe('RFC 8785 §3.2: whole texts', () => {
  test('§3.2.2: literals, numbers and strings', () => {
    const json = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`
    const utf8 =
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e412742'
    const text = canonicalText(JSON.parse(json))
    expect(Buffer.from(text).toString('hex').startsWith(utf8)).toBe(true)
    expect(text.endsWith(String.raw`A'B\"\\\\\"/"}`)).toBe(true)
  })

  test('§3.2.3: members by their UTF-16 code units', () => {
    const json = String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`
    const text = canonicalText(JSON.parse(json))
    // Not JSON.parse: an object of JavaScript has its whole numbers first whatever the text says.
    const values = [...text.matchAll(/:"([^"]+)"/g)].map(([, value]) => value)
    expect(values).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ])
  })
})

describe('RFC 8037 appendix A', () => {
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  } as const
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })

  test('A.2, A.3: the public half and its thumbprint', () => {
    expect(publicKeyOf(privateKey)).toEqual({ kty: 'OKP', crv: 'Ed25519', x: jwk.x })
    expect(thumbprint(publicKeyOf(privateKey))).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
  })

  test('A.4, A.5: signing and verifying', () => {
    const bytes = Buffer.from('eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc')
    const signature = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
    expect(Buffer.from(signEd25519(privateKey, bytes)).toString('base64url')).toBe(signature)
    expect(verifyEd25519(publicKeyOf(privateKey), bytes, Buffer.from(signature, 'base64url'))).toBe(true)
    bytes[0] = 0
    expect(verifyEd25519(publicKeyOf(privateKey), bytes, Buffer.from(signature, 'base64url'))).toBe(false)
  })

  test('A.6: agreeing on a secret over X25519', () => {
    const ephemeral = {
      kty: 'OKP',
      crv: 'X25519',
      x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo',
      d: 'dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo',
    }
    const bob = { kty: 'OKP', crv: 'X25519', x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08' }
    const secret = diffieHellman({
      privateKey: createPrivateKey({ key: ephemeral, format: 'jwk' }),
      publicKey: createPublicKey({ key: bob, format: 'jwk' }),
    })
    expect(secret.toString('hex')).toBe('4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742')
  })
})

test('RFC 7638 §3.1: a thumbprint is the hash of the canonical required members', () => {
  const n =
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
  expect(sha256Base64url(canonicalText({ n, kty: 'RSA', e: 'AQAB' }))).toBe(
    'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
  )
})

test('RFC 9421 B.2.6: a request signed with Ed25519', () => {
  const fields = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
  const base = httpbis.createSignatureBase(
    { fields },
    {
      method: 'POST',
      url: 'https://example.com/foo?param=Value&Pet=dog',
      headers: {
        host: 'example.com',
        date: 'Tue, 20 Apr 2021 02:07:55 GMT',
        'content-type': 'application/json',
        'content-length': '18',
      },
    },
  )
  const covered = fields.map((name) => `"${name}"`).join(' ')
  base.push(['"@signature-params"', [`(${covered});created=1618884473;keyid="test-key-ed25519"`]])
  const bytes = Buffer.from(httpbis.formatSignatureBase(base))
  const privateKey = createPrivateKey({
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
      x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
    },
    format: 'jwk',
  })
  const signature = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
  expect(Buffer.from(signEd25519(privateKey, bytes)).toString('base64')).toBe(signature)
})

test('RFC 9530 appendix D: the digest of a body', () => {
  expect(contentDigest(Buffer.from('{"hello": "world"}\n'))).toBe(
    'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:',
  )
})
