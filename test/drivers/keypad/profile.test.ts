import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { keypadProfile, keypadProfiles, parseProfiles } from '../../../drivers/keypad/profile.ts'

const FILE = new URL('../../../drivers/profiles/keypads.json', import.meta.url)
const example = (): Record<string, unknown> => JSON.parse(readFileSync(FILE, 'utf8'))['example-table']
const refusal = (change: object): string => {
  try {
    parseProfiles({ one: { ...example(), ...change } })
    return 'nothing'
  } catch (error) {
    return String(error)
  }
}

test('the public ff68 form is there without being named, the table form has to be', () => {
  expect(keypadProfile('ff68')).toMatchObject({ form: 'ff68', address: 1 })
  expect(keypadProfile('table')).toBeUndefined()
  expect(keypadProfile('table', 'example-table')).toMatchObject({ form: 'table' })
})

test('a profile is of one form only, and a name that any object has is none', () => {
  expect(keypadProfile('ff68', 'example-table')).toBeUndefined()
  expect(keypadProfile('ff68', 'constructor')).toBeUndefined()
  expect(keypadProfiles('ff68')).toEqual(['ff68-9600', 'ff68-9600-reversed'])
  expect(keypadProfiles('table')).toEqual(['example-table'])
})

test('which key means which level is the profile’s, and every level has its key', () => {
  expect(keypadProfile('ff68', 'ff68-9600')?.levels).toEqual([5, 4, 3, 2, 1])
  expect(keypadProfile('ff68', 'ff68-9600-reversed')?.levels).toEqual([1, 2, 3, 4, 5])
  expect(refusal({ levels: [5, 4, 3, 2, 2] })).toContain('each of the five levels has one key')
  expect(refusal({ levels: [5, 4, 3] })).toContain('each of the five levels has one key')
})

test.each([
  [
    'keys of which one begins another',
    { keys: ['5A A5 31', '5A A5 31 0D', '5A A5 33', '5A A5 34', '5A A5 35'] },
  ],
  [
    'keys that ?? makes the same',
    { keys: ['5A A5 31', '5A ?? A5 31', '5A A5 ?? 33', '5A A5 34', '5A A5 35'] },
  ],
])('%s are refused: one could not be told from another', (_, change) => {
  expect(refusal(change)).toContain('one key cannot be told from another')
})

test('a key’s report that noise could look like is refused', () => {
  expect(refusal({ keys: ['31', '32', '33', '34', '35'] })).toContain('or noise becomes an answer')
  const leading = ['?? A5 31 0D', '5A A5 32 0D', '5B A5 33 0D', '5C A5 34 0D', '5D A5 35 0D']
  expect(refusal({ keys: leading })).toContain('or noise becomes an answer')
})

test.each([
  ['is', { start: '5A A5 31 00 0D' }],
  ['holds', { beep: 'A5 5A A5 31 00 0D 5E' }],
  ['ends in the beginning of', { acknowledge: 'A5 5A A5 31', stop: '07 0D' }],
])('a frame that is sent and %s a key’s report is refused: its echo would be an answer', (_, change) => {
  expect(refusal(change)).toContain('echo would be an answer')
})

test('a profile says at which speeds its unit talks', () => {
  expect(keypadProfile('ff68')?.baudRates).toEqual([9600])
  expect(refusal({ baudRates: [] })).toContain('baudRates')
})

test('a frame that is sent is known to the last byte', () => {
  expect(refusal({ start: 'A5 5A ?? 00' })).toContain('a frame that is sent holds no ??')
  expect(refusal({ start: 'A5 5A xx' })).toContain('write two hexadecimal digits a byte')
  expect(refusal({})).toBe('nothing')
})
