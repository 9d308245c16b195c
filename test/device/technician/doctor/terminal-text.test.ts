import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  columnsOf,
  continued,
  padded,
  printable,
  wrapped,
} from '../../../../device/technician/doctor/terminal-text.ts'

const word = fc.stringMatching(/^[a-z0-9][a-z0-9/._-]{0,29}$/)
const chinese = fc.stringMatching(/^[\u4E00-\u9FA5]{1,20}[，。；：、）]?$/)
const sentence = fc.array(fc.oneof(word, chinese), { maxLength: 30 }).map((parts) => parts.join(' '))

test('a Chinese character is two columns wide, a Latin letter one', () => {
  expect(columnsOf('串口 ttyUSB0，（可用）')).toBe(4 + 1 + 7 + 2 + 2 + 4 + 2)
  expect(padded('影响', 7)).toBe('影响   ')
  expect(padded('longer than that', 4)).toBe('longer than that')
})

test('wrapping loses nothing but the spaces at its breaks', () => {
  fc.assert(
    fc.property(sentence, fc.integer({ min: 10, max: 80 }), (text, columns) => {
      expect(wrapped(text, columns).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
    }),
  )
})

test('no line is wider than asked, unless a single word is', () => {
  fc.assert(
    fc.property(sentence, fc.integer({ min: 10, max: 80 }), (text, columns) => {
      for (const line of wrapped(text, columns)) {
        if (columnsOf(line) > columns) expect(line).not.toMatch(/\S\s+\S/)
      }
    }),
  )
})

test('no line begins with a closing mark or ends with an opening one', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^([\u4E00-\u9FA5]{1,3}[，。；：、]|（[\u4E00-\u9FA5]{1,3}）){1,20}$/),
      (text) => {
        for (const line of wrapped(text, 12)) {
          expect(line).not.toMatch(/^[，。；：、）]/)
          expect(line).not.toMatch(/（$/)
        }
      },
    ),
  )
})

test('a long command is broken where a shell goes on reading, and nowhere within quotes', () => {
  const command = `rules=$(mktemp) && printf '%s ' 'a long word' "$HOME dir" it\\'s done | tr a b && echo end`
  const once = execFileSync('bash', ['-c', command], { encoding: 'utf8' })
  for (const columns of [10, 20, 30, 200]) {
    const typed = continued(command, columns).join('\n    ')
    expect(execFileSync('bash', ['-c', typed], { encoding: 'utf8' })).toBe(once)
  }
})

test('whatever the text, nothing is left in it that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
    }),
  )
})
