import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashPin, isPin, StaffPinHash, weaknessOf } from '../../../sync/protocol/staff-pin.ts'

it('a PIN is known again by its hash, another is not, and the hash of the same is never the same', async () => {
  const [hash, again] = await Promise.all([hashPin('806417'), hashPin('806417')])
  expect(hash).not.toBe(again)
  expect(StaffPinHash.safeParse(hash).success).toBe(true)
  expect(hash).not.toContain('806417')
  expect(await isPin('806417', hash)).toBe(true)
  expect(await isPin('806418', hash)).toBe(false)
  expect(await isPin('', hash)).toBe(false)
})

it('a hash that would take a pad’s memory or time, or is none, is refused', () => {
  const salt = 'A'.repeat(22)
  const hash = 'B'.repeat(43)
  expect(StaffPinHash.safeParse(`$scrypt$ln=15,r=8,p=3$${salt}$${hash}`).success).toBe(true)
  for (const wrong of [
    '806417',
    '',
    `$scrypt$ln=24,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=15,r=64,p=1$${salt}$${hash}`,
    `$scrypt$ln=15,r=8,p=9$${salt}$${hash}`,
    `$scrypt$ln=0,r=8,p=1$${salt}$${hash}`,
    `$scrypt$ln=15,r=8,p=3$${salt}$`,
    `$argon2id$v=19$m=65536,t=3,p=4$${salt}$${hash}`,
  ]) {
    const read = StaffPinHash.safeParse(wrong)
    expect(read.success, wrong).toBe(false)
    if (wrong !== '') expect(JSON.stringify(read.error?.issues)).not.toContain(wrong)
  }
})

it.each([
  ['12ab56', 'not-digits'],
  ['１２３４５６', 'not-digits'],
  ['80641', 'too-short'],
  ['8064178064173', 'too-long'],
  ['111111', 'few-digits'],
  ['118118', 'few-digits'],
  ['123456', 'in-a-row'],
  ['987654', 'in-a-row'],
  ['13579', 'too-short'],
  ['135791', null],
  ['024680', null],
  ['147147', 'repeated'],
  ['8064806480648064'.slice(0, 12), 'repeated'],
  ['700128', 'number'],
  ['806417', null],
])('%s is judged as %s', (pin, weakness) => {
  expect(weaknessOf(pin, 'S0012'.replace('0012', '0128'))).toBe(weakness)
})

it('a PIN that nothing speaks against is of six to twelve digits, at least three of them different', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^\d{0,14}$/), (pin) => {
      if (weaknessOf(pin, 'S012') !== null) return
      expect(pin).toMatch(/^\d{6,12}$/)
      expect(new Set(pin).size).toBeGreaterThanOrEqual(3)
      expect(pin).not.toContain('012')
    }),
  )
})
