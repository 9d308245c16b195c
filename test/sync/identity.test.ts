import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { IdentityError, loadIdentity } from '../../sync/identity.ts'
import { FIRST_PREVHASH } from '../../sync/protocol/identifiers.ts'
import { createSealingKeyPair, publicSealingKey, verifyEd25519 } from '../../sync/protocol/keys.ts'
import { testFolder } from './support/folder.ts'

const sealingKey = publicSealingKey(createSealingKeyPair())

describe('an identity', () => {
  it('is made once and is the same ever after', () => {
    const dir = testFolder()
    const made = loadIdentity(dir)
    expect(made.deviceId).toBeNull()
    expect(made.chain).toEqual({ epoch: 0, hash: FIRST_PREVHASH })
    made.enrol('T-0571-0001', sealingKey)
    made.rememberChain({ epoch: 3, hash: 'B'.repeat(43) })
    const loaded = loadIdentity(dir)
    expect(loaded.publicKey).toEqual(made.publicKey)
    expect(loaded.deviceId).toBe('T-0571-0001')
    expect(loaded.sealingKey).toEqual(sealingKey)
    expect(loaded.chain).toEqual({ epoch: 3, hash: 'B'.repeat(43) })
  })

  it('signs by its thumbprint until it is enrolled, then by its id', () => {
    const identity = loadIdentity(testFolder())
    expect(identity.signer().keyId).toBe(identity.thumbprint)
    identity.enrol('T-0571-0001', sealingKey)
    const { keyId, sign } = identity.signer()
    const bytes = new TextEncoder().encode('what was said')
    expect(keyId).toBe('T-0571-0001')
    expect(verifyEd25519(identity.publicKey, bytes, sign(bytes))).toBe(true)
  })

  it('is a file for its owner alone, whole, with nothing left beside it', () => {
    const dir = testFolder()
    const identity = loadIdentity(dir)
    identity.enrol('T-0571-0001', sealingKey)
    expect(statSync(join(dir, 'identity.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(dir)).toEqual(['identity.json'])
  })

  it('never shows its private key', () => {
    const dir = testFolder()
    const identity = loadIdentity(dir)
    const { d } = JSON.parse(readFileSync(join(dir, 'identity.json'), 'utf8')).key
    const shown = [
      JSON.stringify(identity),
      inspect(identity, { depth: 9, showHidden: true }),
      String(identity),
    ]
    for (const text of shown) expect(text).not.toContain(d)
  })

  it('does not become somebody else', () => {
    const identity = loadIdentity(testFolder())
    identity.enrol('T-0571-0001', sealingKey)
    expect(() => identity.enrol('T-0571-0002', sealingKey)).toThrow(/T-0571-0001 already/)
    identity.enrol('T-0571-0001', sealingKey)
  })

  it('takes a new sealing key of its hall', () => {
    const dir = testFolder()
    const identity = loadIdentity(dir)
    identity.enrol('T-0571-0001', sealingKey)
    const next = publicSealingKey(createSealingKeyPair())
    identity.setSealingKey(next)
    expect(loadIdentity(dir).sealingKey).toEqual(next)
  })

  it.each([
    ['cut short', (text: string) => text.slice(0, -30)],
    ['empty', () => ''],
    ['with another key half', (text: string) => text.replace(/"x": ".{43}"/, `"x": "${'A'.repeat(43)}"`)],
    ['with a further member', (text: string) => text.replace('{', '{ "more": 1,')],
    ['of another version', (text: string) => text.replace('"version": 1', '"version": 2')],
  ])('that is %s is a clear error and stays as it is', (_, damage) => {
    const dir = testFolder()
    const path = join(dir, 'identity.json')
    loadIdentity(dir)
    const whole = readFileSync(path, 'utf8')
    const damaged = damage(whole)
    writeFileSync(path, damaged)
    const load = () => loadIdentity(dir)
    expect(load).toThrow(IdentityError)
    expect(load).toThrow(/identity\.json is damaged.*enrol it anew/)
    expect(load).not.toThrow(JSON.parse(whole).key.d)
    expect(readFileSync(path, 'utf8')).toBe(damaged)
  })

  it('made in a folder open to others is still closed', () => {
    const dir = testFolder()
    chmodSync(dir, 0o777)
    loadIdentity(dir)
    expect(statSync(join(dir, 'identity.json')).mode & 0o077).toBe(0)
  })
})
