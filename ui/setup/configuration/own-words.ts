import type { Language } from '../../../device/http/contract.ts'
import { configurationEn } from '../words/configuration-en.ts'
import { type ConfigurationWords, configurationZh } from '../words/configuration-zh.ts'
import type { Words } from '../words/zh.ts'

export const ownWords: Record<Language, ConfigurationWords> = { zh: configurationZh, en: configurationEn }

/** `peripherals.scanner.port` as people call it; the nearest name that there is for what has none of its own. */
export const placeWords = (place: string, own: ConfigurationWords, words: Words): string => {
  const [first = '', second = '', third = ''] = place.replaceAll(/\[\d+\]/g, '').split('.')
  const peripherals: Record<string, string> = words.peripherals
  const name = first === 'peripherals' ? peripherals[second] : undefined
  if (name !== undefined) {
    const part = own.parts[third]
    return part === undefined ? name : own.of(name, part)
  }
  return own.places[`${first}.${second}`] ?? own.places[first] ?? place
}

/** Each once, in their order. */
export const placesWords = (places: readonly string[], own: ConfigurationWords, words: Words): string =>
  [...new Set(places.map((place) => placeWords(place, own, words)))].join(own.and)

export const failedWords = (code: string, own: ConfigurationWords): string =>
  own.failed[code] ?? own.failedOther(code)
