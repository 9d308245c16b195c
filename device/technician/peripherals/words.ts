/** What is said while a peripheral is tried, on the page and by the command alike. */
import type { Language } from '../../http/contract.ts'
import { testEn } from './words-en.ts'
import { type TestWords, testZh } from './words-zh.ts'

export type { TestWords }

export const testWords: Record<Language, TestWords> = { zh: testZh, en: testEn }

/** A code of a newer driver is better than nothing. */
export const inWords = (table: Record<string, string>, code: string): string => table[code] ?? code

export const stepInWords = (words: TestWords, peripheral: string, code: string): string => {
  const key = /^key-(\d+)$/.exec(code)?.[1]
  if (key !== undefined) return words.pressKey(key)
  return code === 'print' && peripheral === 'pagePrinter' ? words.page : inWords(words.steps, code)
}
