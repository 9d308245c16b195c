/** What a citizen takes along: what was said, not by whom; who answers, and by when (DOMAIN.md §3). */
import { groundWords, reasonWords } from '../../../sync/protocol/feedback-words.ts'
import type { FeedbackSlip } from '../../documents/documents.ts'
import type { FeedbackKept, Preferences } from '../../http/contract.ts'
import type { Kept } from '../../reports/feedback-store.ts'
import type { World } from '../state.ts'
import { firstAsked } from './choices.ts'
import type { FeedbackDraft } from './draft.ts'

export const keptView = (draft: FeedbackDraft, { code, answer }: Kept, world: World): FeedbackKept | null => {
  const { kind, ground, named, slot, phone } = draft
  if (ground === null) return null
  return {
    kind,
    ground,
    code,
    answer,
    named: kind === 'complaint' ? named : null,
    slot,
    hasPhone: phone !== '' && (kind !== 'complaint' || named === true),
    firstAsked: firstAsked(world),
  }
}

export const slipOf = (
  draft: FeedbackDraft,
  kept: Kept,
  world: World,
  language: Preferences['language'],
): FeedbackSlip => {
  const { kind, ground, item, place, day, slot, reasons, words, named } = draft
  const rows: [string, string | null][] = [
    ['情形', ground === null ? null : groundWords[ground]],
    ['事项', item === null || item === 'unknown' ? null : item.name],
    ['地点', place === null || place === 'unknown' ? null : placeWords(place)],
    ['日期', day === null ? null : (DAY_WORDS[day] ?? chineseDay(day))],
    ['时间', slot === null ? null : `${chineseDay(slot.day)} ${slot.opens}–${slot.closes}`],
    ['说明', reasons.length === 0 ? null : reasons.map((reason) => reasonWords[reason]).join('；')],
  ]
  return {
    language,
    kind,
    code: kept.code,
    keptAt: kept.keptAt,
    said: rows.flatMap(([label, text]) => (text === null ? [] : [{ label, text }])),
    words: words.trim() === '' ? null : words.trim(),
    named: kind === 'complaint' ? named : null,
    turn: turnOf(draft, kept, world),
    answerBy: kept.answer.day,
    answerIn: kept.answer.workingDays === 0 ? '窗口开门当天' : `${kept.answer.workingDays}个工作日内`,
    provisional: kept.answer.provisional,
  }
}

const DAY_WORDS: Readonly<Record<string, string>> = { earlier: '一周以前', unknown: '记不清了' }

const placeWords = ({ office, window }: { office: string; window: string | null }): string =>
  window === null ? office : `${office} ${window}号窗口`

const chineseDay = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number)
  return `${year}年${month}月${date}日`
}

/** What follows after it stands on the slip anyway (device/documents/slip-words.ts). */
const turnOf = ({ kind, ground, named, slot }: FeedbackDraft, { answer }: Kept, world: World): string => {
  const first = firstAsked(world)
  const office = first === null ? '综合窗口' : `${first.name}（${first.windows}号窗口）`
  switch (kind) {
    case 'report':
      if (answer.workingDays === 0) return `${office}：窗口一开门就可以来，凭编号当面答复。`
      return answer.workingDays === 1
        ? '“办不成事”反映窗口：交承办部门，由它答复您。'
        : '“办不成事”反映窗口：召集有关部门，一起答复您。'
    case 'complaint':
      return named === true ? '大厅的投诉处理人，给您书面答复。' : '大厅的投诉处理人；凭编号可以问结果。'
    case 'request':
      return `${office}${requestTurn(ground, slot)}`
  }
}

const requestTurn = (ground: FeedbackDraft['ground'], slot: FeedbackDraft['slot']): string => {
  switch (ground) {
    case 'agent':
      return '：打电话与您约定。代取材料要您签字的委托书，还要出示两个人的身份证。'
    case 'home-visit':
      return '：打电话与您约定上门的时间。'
    case 'appointment':
      return slot === null ? '：答复您。' : '：请按约定的时间来；要改时间，由窗口与您联系。'
    default:
      return '：答复您；电话问、当面问，凭编号都可以。'
  }
}
