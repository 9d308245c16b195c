import type { Preferences } from '../../../../device/http/contract.ts'
import { en } from './en.ts'
import { type Words, zh } from './zh.ts'

export const keyboardWords: Record<Preferences['language'], Words> = { zh, en }
