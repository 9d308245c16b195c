import { screen } from './screen.svelte.ts'

/** The hall's own words are Chinese: they stand where they say more than ours. Null where they do not. */
export const hallSays = (who: string, { refusal, words }: { refusal: string; words: string }) =>
  words !== '' && (screen.language === 'zh' || refusal === 'other') ? { who, words } : null
