/** What every slip is made of, whichever paper it comes out on; slip-receipt.ts and slip-sheet.ts set it. */

/** Chinese always; English beside it in an English session. */
export interface Words {
  zh: string
  en?: string
  /** English in place of the Chinese: what has no other words in it than a date. */
  alone?: true
}

export interface SlipFact {
  label: Words
  value: Words
  /** What one looks for first. */
  strong?: boolean
}

export interface SlipLayout {
  language: 'zh' | 'en'
  title: Words
  /** What is called out, asked by or shown: the one thing that must be read from afar. */
  hero: { label: Words; text: string }
  /** What it is for, right below. */
  subject: Words[]
  facts: SlipFact[]
  /** What the citizen has said. */
  said: { title: Words; facts: SlipFact[]; words: string | null } | null
  notes: Words[]
  phones: SlipFact[]
  barcode: string | null
  qr: { value: string; caption: Words } | null
}

/** In a Chinese session one language, in an English one both. */
export function spoken({ zh, en, alone }: Words, language: 'zh' | 'en'): string[] {
  if (language === 'zh' || en === undefined) return [zh]
  return alone ? [en] : [en, zh]
}

/** Both in one line, for labels. */
export function inline(words: Words, language: 'zh' | 'en'): string {
  return spoken(words, language).join(' ')
}
