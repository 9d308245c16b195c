import type { Language } from '../../../device/http/contract.ts'
import { deviceEn } from '../words/device-en.ts'
import { type DeviceWords, deviceZh } from '../words/device-zh.ts'

export const ownWords: Record<Language, DeviceWords> = { zh: deviceZh, en: deviceEn }
