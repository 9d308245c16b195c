import type { Language } from '../../../device/http/contract.ts'
import { peripheralsEn } from '../words/peripherals-en.ts'
import { type PeripheralsWords, peripheralsZh } from '../words/peripherals-zh.ts'

export { inWords, stepInWords } from '../../../device/http/contract-words.ts'

export const ownWords: Record<Language, PeripheralsWords> = { zh: peripheralsZh, en: peripheralsEn }
