import { describe, expect, it } from 'vitest'
import { SIGNS } from '../../../ui/shared/keyboard/signs.ts'
import { keyboardWords } from '../../../ui/shared/keyboard/words/words.ts'

const sayings = (catalogue: Record<string, unknown>): [string, string][] =>
  Object.entries(catalogue).flatMap(([key, word]): [string, string][] => {
    if (typeof word === 'string') return [[key, word]]
    if (typeof word === 'function') return [[key, String(word('7', '8'))]]
    return Object.entries(word as Record<string, string>)
  })

/** It names the other language in that language. */
const OTHER_LANGUAGE = 'toChinese'

describe('the words of the keyboard', () => {
  it('have the same keys in both languages, and none is empty', () => {
    const [zh, en] = [sayings(keyboardWords.zh), sayings(keyboardWords.en)]
    expect(en.map(([key]) => key)).toEqual(zh.map(([key]) => key))
    expect([...zh, ...en].filter(([, word]) => word.trim() === '')).toEqual([])
  })

  it('hold no Chinese in English', () => {
    const strangers = sayings(keyboardWords.en).filter(
      ([key, word]) => key !== OTHER_LANGUAGE && /\p{Script=Han}/u.test(word),
    )
    expect(strangers).toEqual([])
  })

  it('name every sign that has a key', () => {
    for (const words of Object.values(keyboardWords)) {
      expect(SIGNS.filter((sign) => !words.signNames[sign])).toEqual([])
    }
  })
})
