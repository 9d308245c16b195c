import type { Language, SetupRefusal } from '../../device/http/contract.ts'
import { configurationEn } from './words/configuration-en.ts'
import { configurationZh } from './words/configuration-zh.ts'
import { refusalsEn } from './words/refusals-en.ts'
import { refusalsZh } from './words/refusals-zh.ts'
import { stoppedEn } from './words/stopped-en.ts'
import { stoppedZh } from './words/stopped-zh.ts'
import type { Words } from './words/zh.ts'

const STOPPED: Record<Language, Record<string, string>> = { zh: stoppedZh, en: stoppedEn }
const REFUSALS: Record<Language, Record<string, string>> = {
  zh: { ...configurationZh.failed, ...refusalsZh },
  en: { ...configurationEn.failed, ...refusalsEn },
}

/** In the page's own words; with those of the device where only they can say what exactly is wrong. */
const WITH_DETAIL: readonly string[] = ['configuration', 'faults', 'missing']

/** Why no device runs, in the page's own words. */
export const stoppedWords = (code: string, language: Language, words: Words): string => {
  const own = STOPPED[language][code]
  return own === undefined ? words.stoppedBy(code) : `${words.stopped} ${own}`
}

export const refusalWords = (refusal: SetupRefusal, language: Language, words: Words): string => {
  const own = REFUSALS[language][refusal.code]
  if (own === undefined) return `${words.unknownRefusal(refusal.code)}: ${refusal.detail}`
  return WITH_DETAIL.includes(refusal.code) ? `${own} ${refusal.detail}` : own
}
