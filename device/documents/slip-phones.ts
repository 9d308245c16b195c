/** Where a slip sends whoever has a question: the hall's help line, the nation's, the discipline office. */
import type { Hall } from '../../sync/protocol/content.ts'
import type { SlipFact } from './slip-layout.ts'

/** The government service hotline of every city (国办发〔2020〕53号). */
export const NATIONAL_HOTLINE = '12345'

export function helpFact(hall: Hall): SlipFact {
  return {
    label: { zh: '求助', en: 'Help' },
    value: {
      zh: `${hall.helpPhone}（${hall.helpPhoneNote}）`,
      en: `${hall.helpPhone} (${hall.helpPhoneNoteEnglish})`,
    },
  }
}

export function hotlineFact(): SlipFact {
  return { label: { zh: '热线', en: 'Hotline' }, value: { zh: NATIONAL_HOTLINE }, strong: true }
}

export function disciplineFact(hall: Hall): SlipFact {
  return { label: { zh: '监督', en: 'Discipline' }, value: { zh: hall.disciplinePhone } }
}
