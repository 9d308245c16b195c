/** How the pages of what citizens leave are come by, for the table of every page and every event. */
import type { SessionEvent } from '../../../device/session/state.ts'
import { feedbackCode } from '../../../sync/protocol/feedback-code.ts'
import { sampleGuide, sampleHall } from '../support/samples.ts'

type PlainAction = Extract<SessionEvent, { type: 'action' }>['action']
export const action = (one: PlainAction): SessionEvent => ({ type: 'action', action: one })

export const CODE = feedbackCode([1, 2, 3, 4, 5, 6, 7])
export const OFFICE = sampleHall.windows[0]?.name ?? ''
export const WINDOW = sampleHall.windows[0]?.window ?? ''

export const feedbackKept = (number = 1, jobId = 'job-9'): SessionEvent => ({
  type: 'errand-done',
  number,
  done: {
    kind: 'feedback',
    outcome: {
      outcome: 'kept',
      kept: {
        code: CODE,
        keptAt: '2026-11-20T22:41:00.000+08:00',
        answer: { day: '2026-11-23', provisional: false, workingDays: 1 },
      },
    },
  },
  jobId,
})

export const feedbackNotKept = (why: 'no-hall' | 'no-room', number = 1): SessionEvent => ({
  type: 'errand-done',
  number,
  done: { kind: 'feedback', outcome: { outcome: 'not-kept', why } },
  jobId: 'job-9',
})

export const MENU = [action({ type: 'wake' }), action({ type: 'open-service', service: 'feedback' })]
export const REPORT_FORM = [
  ...MENU,
  action({ type: 'begin-feedback', kind: 'report' }),
  action({ type: 'choose-ground', ground: 'not-accepted' }),
]
export const edit = (field: Extract<PlainAction, { type: 'edit-feedback' }>['field']): SessionEvent =>
  action({ type: 'edit-feedback', field })
export const REPORT_SAID = [
  ...REPORT_FORM,
  edit('item'),
  action({ type: 'choose-feedback-item', itemCode: sampleGuide.itemCode }),
]
export const keepFeedback = (key = 'intent-1'): SessionEvent => action({ type: 'keep-feedback', key })

export const feedbackWays = {
  feedback: MENU,
  'feedback-ground': [...MENU, action({ type: 'begin-feedback', kind: 'complaint' })],
  'feedback-excluded': [
    ...MENU,
    action({ type: 'begin-feedback', kind: 'report' }),
    action({ type: 'read-excluded' }),
  ],
  'feedback-form': REPORT_FORM,
  'feedback-item': [...REPORT_FORM, edit('item')],
  'feedback-search': [
    ...REPORT_FORM,
    edit('item'),
    action({ type: 'open-feedback-search' }),
    action({ type: 'search-feedback-items', query: 'huzhao' }),
  ],
  'feedback-place': [...REPORT_FORM, edit('place')],
  'feedback-day': [...REPORT_FORM, edit('day')],
  'feedback-slot': [...REPORT_FORM, edit('slot')],
  'feedback-said': [...REPORT_FORM, edit('said')],
  'feedback-contact': [...REPORT_FORM, edit('contact')],
  'feedback-kept': [...REPORT_SAID, keepFeedback(), feedbackKept()],
} satisfies Record<string, SessionEvent[]>

export const feedbackActions: PlainAction[] = [
  { type: 'begin-feedback', kind: 'report' },
  { type: 'begin-feedback', kind: 'request' },
  { type: 'choose-ground', ground: 'not-accepted' },
  { type: 'choose-ground', ground: 'favours' },
  { type: 'read-excluded' },
  { type: 'edit-feedback', field: 'item' },
  { type: 'edit-feedback', field: 'contact' },
  { type: 'browse-feedback-items', by: 'office', group: null },
  { type: 'browse-feedback-items', by: 'life-event', group: 'travel' },
  { type: 'browse-feedback-items', by: 'office', group: 'no such office' },
  { type: 'open-feedback-search' },
  { type: 'search-feedback-items', query: 'hz' },
  { type: 'choose-feedback-item', itemCode: sampleGuide.itemCode },
  { type: 'choose-feedback-item', itemCode: 'no such item' },
  { type: 'choose-feedback-item', itemCode: null },
  { type: 'browse-feedback-place', office: OFFICE },
  { type: 'browse-feedback-place', office: 'no such office' },
  { type: 'choose-feedback-place', office: OFFICE, window: WINDOW },
  { type: 'choose-feedback-place', office: OFFICE, window: 'no such window' },
  { type: 'choose-feedback-place', office: null, window: null },
  { type: 'choose-feedback-day', day: '2026-11-20' },
  { type: 'choose-feedback-day', day: '1999-01-01' },
  { type: 'choose-feedback-slot', day: '2026-11-23', opens: '08:30' },
  { type: 'choose-feedback-slot', day: '2026-11-23', opens: '03:00' },
  { type: 'say-feedback', reasons: ['no-reason'], words: '跑了三次' },
  { type: 'leave-contact', named: true, name: '林', phone: '13900000000' },
  { type: 'name-by-card' },
  { type: 'finish-feedback-field' },
  { type: 'keep-feedback', key: 'intent-1' },
]
