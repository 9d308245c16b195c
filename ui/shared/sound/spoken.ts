import type { Preferences } from '../../../device/http/contract.ts'
import { en } from './words/en.ts'
import { type SpokenKey, zh } from './words/zh.ts'

export type { SpokenKey } from './words/zh.ts'

type Language = Preferences['language']

/** Numbers and ticket numbers are joined from these, one clip each. */
export const CHARACTERS = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ']

const HANZI_DIGITS = [...'零一二三四五六七八九']

/** What a speech program reads for one digit or letter. */
function characterText(character: string, language: Language): string {
  return language === 'zh' ? (HANZI_DIGITS[Number(character)] ?? character) : character
}

export const spokenWords: Record<Language, Record<SpokenKey, string>> = { zh, en }

/** The name of a clip: `zh/idle-warning`, `en/character-7`. A hall's own recording bears it after `sound/`. */
export function clipName(language: Language, key: SpokenKey | `character-${string}`): string {
  return `${language}/${key}`
}

export function characterClip(language: Language, character: string): string {
  return clipName(language, `character-${character.toUpperCase()}`)
}

/** Every clip there can be, with the words to speak. */
export function allClips(): { name: string; language: Language; text: string }[] {
  return (['zh', 'en'] as const).flatMap((language) => [
    ...Object.entries(spokenWords[language]).map(([key, text]) => ({
      name: `${language}/${key}`,
      language,
      text,
    })),
    ...CHARACTERS.map((character) => ({
      name: characterClip(language, character),
      language,
      text: characterText(character, language),
    })),
  ])
}
