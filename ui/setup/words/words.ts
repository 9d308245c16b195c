import type { Language } from '../../../device/http/contract.ts'
import { en } from './en.ts'
import { type Words, zh } from './zh.ts'

export const setupWords: Record<Language, Words> = { zh, en }
