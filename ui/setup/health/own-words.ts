import type { Language } from '../../../device/http/contract.ts'
import { healthEn } from '../words/health-en.ts'
import { type HealthPageWords, healthZh } from '../words/health-zh.ts'

export const ownWords: Record<Language, HealthPageWords> = { zh: healthZh, en: healthEn }
