import type { FeedbackField, FeedbackForm, FeedbackSlot, Preferences } from '../../device/http/contract.ts'
import type { Words } from './words/zh.ts'

/** What the form shows of each answer. Pure: words and dates come from whoever shows it. */
export interface FeedbackAnswer {
  field: FeedbackField
  label: string
  value: string | null
  /** Of a value that is in the hall's own language. */
  lang?: string
}

export interface Telling {
  words: Words['feedback']
  language: Preferences['language']
  day: (isoDate: string) => string
  separator: string
}

const NOON_HOUR = 12

/** `11月23日 上午 8:30–12:00` */
export const slotWords = ({ day, opens, closes }: FeedbackSlot, { words, day: dayOf }: Telling): string => {
  const half = Number(opens.slice(0, 2)) < NOON_HOUR ? words.morning : words.afternoon
  return `${dayOf(day)} ${half} ${opens.replace(/^0/, '')}–${closes.replace(/^0/, '')}`
}

export const dayWords = (day: string, { words, day: dayOf }: Telling): string => {
  if (day === 'earlier') return words.earlier
  return day === 'unknown' ? words.dayUnknown : dayOf(day)
}

export const feedbackAnswers = (form: FeedbackForm, telling: Telling): FeedbackAnswer[] =>
  form.fields.map((field) => ({
    field,
    label: labelOf(form, field, telling),
    ...answerTo(form, field, telling),
  }))

/** Two lines of a tile; all of it is shown where it is written. */
const ROOM = { zh: 24, en: 44 }

const shortened = (text: string, room: number): string => {
  const characters = [...text.replaceAll('\n', ' ')]
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 1).join('')}…`
}

const labelOf = ({ kind }: FeedbackForm, field: FeedbackField, { words }: Telling): string => {
  const own: Partial<Record<FeedbackField, string>> =
    kind === 'complaint' ? words.fieldOf.complaint : kind === 'request' ? words.fieldOf.request : {}
  return own[field] ?? words.fields[field]
}

const answerTo = (
  form: FeedbackForm,
  field: FeedbackField,
  telling: Telling,
): Omit<FeedbackAnswer, 'field' | 'label'> => {
  const { words, language, separator } = telling
  const zh = language === 'zh'
  switch (field) {
    case 'ground':
      return { value: words.grounds[form.ground].name }
    case 'item': {
      if (form.item === null || form.item === 'unknown')
        return { value: form.item === null ? null : words.unknown }
      return { value: zh ? form.item.name : form.item.nameEnglish }
    }
    case 'place': {
      const { place } = form
      if (place === null || place === 'unknown') return { value: place === null ? null : words.unknown }
      const office = zh ? place.office : place.officeEnglish
      return { value: place.window === null ? office : `${office} ${words.window(place.window)}` }
    }
    case 'day':
      return { value: form.day === null ? null : dayWords(form.day, telling) }
    case 'slot':
      return { value: form.slot === null ? null : slotWords(form.slot, telling) }
    case 'said': {
      const parts = [...form.reasons.map((reason) => words.reasons[reason]), form.words.trim()]
      const said = parts.filter((part) => part !== '').join(zh ? '；' : '; ')
      return { value: said === '' ? null : shortened(said, zh ? ROOM.zh : ROOM.en) }
    }
    case 'contact': {
      if (form.kind === 'complaint' && form.named === false) return { value: words.anonymous }
      const parts = [form.nameMasked, form.phoneMasked].filter((part) => part !== null)
      if (parts.length > 0) return { value: parts.join(separator) }
      return { value: form.named === true ? words.named : null }
    }
  }
}
