import { describe, expect, test } from 'vitest'
import { OutsideSettings } from '../../../../sync/hall/outside/settings.ts'
import { ProofSettings } from '../../../../sync/hall/proofs/settings.ts'

const TOKEN = 'a-token-of-this-hall'

const faults = (
  section: unknown,
  schema: typeof OutsideSettings | typeof ProofSettings = OutsideSettings,
): string =>
  schema
    .safeParse(section)
    .error?.issues.map(({ message }) => message)
    .join('; ') ?? ''

describe('an outside system’s section of hall.json', () => {
  test.each([
    'https://cases.example/window24',
    'http://127.0.0.1:9000',
    'http://localhost:9000',
    'http://[::1]:9000',
  ])('takes %s', (url) => expect(faults({ url, token: TOKEN })).toBe(''))

  test.each([
    ['http://cases.example', 'https:// is needed'],
    ['http://10.0.0.7', 'https:// is needed'],
    ['http://127.0.0.1.evil.example', 'https:// is needed'],
    ['https://user:secret@cases.example', 'without user'],
    ['https://cases.example/?token=1', 'without user'],
    ['ftp://cases.example', 'an address such as'],
    ['cases.example', 'an address such as'],
  ])('refuses %s', (url, why) => expect(faults({ url, token: TOKEN })).toContain(why))

  test('wants one token, here or in a file', () => {
    const url = 'https://cases.example'
    expect(faults({ url })).toContain('either token or tokenFile')
    expect(faults({ url, token: TOKEN, tokenFile: '/etc/token' })).toContain('either token or tokenFile')
    expect(faults({ url, tokenFile: '/etc/token' })).toBe('')
    expect(faults({ url, token: 'short' })).toContain('16 characters')
    expect(faults({ url, token: TOKEN, timeout: 5 })).toContain('timeout')
  })

  test('names each issuer of proofs once', () => {
    const issuer = { url: 'https://tax.example', token: TOKEN, name: 'tax' }
    expect(faults([issuer, { ...issuer, name: 'fund' }], ProofSettings)).toBe('')
    expect(faults([issuer, issuer], ProofSettings)).toContain('a name of its own')
    expect(faults([], ProofSettings)).not.toBe('')
  })
})
