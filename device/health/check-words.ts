/** What a check found, line by line, in words: each says what is, and a bad one what to do. */
import type { Language } from '../http/contract.ts'
import { CHECKS_EN } from './check-words-en.ts'
import { CHECKS_ZH } from './check-words-zh.ts'
import type { CheckCode } from './checks/line.ts'
import { type Facts, healthWords } from './words.ts'

export type CheckWords = Record<CheckCode, (facts: Facts, span: (ms: number) => string) => string>

const WORDS: Record<Language, CheckWords> = { zh: CHECKS_ZH, en: CHECKS_EN }

export const checkLineInWords = (
  { code, facts }: { code: string; facts: Facts },
  language: Language,
): string => {
  const words: Record<string, CheckWords[CheckCode]> = WORDS[language]
  const { span, unknown } = healthWords(language)
  return Object.hasOwn(words, code) ? (words[code]?.(facts, span) ?? unknown(code)) : unknown(code)
}
