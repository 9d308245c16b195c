/** The pages of what citizens leave: empty, usual, full, and in trouble. */
import type {
  FeedbackForm,
  FeedbackKept,
  Guide,
  Hall,
  SlipView,
  TerminalView,
} from '../../../device/http/contract.ts'
import { reasonsOf } from '../../../sync/protocol/feedback.ts'
import { feedbackCode } from '../../../sync/protocol/feedback-code.ts'

type View<Name extends TerminalView['name']> = Extract<TerminalView, { name: Name }>

const LONG_WORDS =
  '上周三我带着户口本和出生证明来给孩子落户，窗口说还要单位开的证明，指南上没有这一条。周五补来了，又说要原件不要复印件。今天第三趟，窗口的人说系统升级，让我下周再来。我在郊区住，来一趟要两个钟头，请给个准话：到底要带什么，哪一天能办。'

const EMPTY_FORM: FeedbackForm = {
  kind: 'report',
  ground: 'again-and-again',
  fields: ['ground', 'item', 'place', 'said', 'contact'],
  lacks: ['said'],
  item: null,
  place: null,
  day: null,
  slot: null,
  reasons: [],
  words: '',
  named: null,
  nameMasked: null,
  phoneMasked: null,
  answer: { day: '2026-11-23', provisional: false, workingDays: 1 },
}

const SLOT = { day: '2026-11-24', opens: '08:30', closes: '12:00' }

const KEPT: FeedbackKept = {
  kind: 'report',
  ground: 'again-and-again',
  code: feedbackCode([7, 19, 3, 20, 9, 23, 26]),
  answer: { day: '2026-11-25', provisional: false, workingDays: 3 },
  named: null,
  slot: null,
  hasPhone: true,
  firstAsked: { name: '综合受理', nameEnglish: 'General window', windows: '9–12', floor: '1楼' },
}

const slip = (state: SlipView['state'], again: SlipView['again'] = null): SlipView => ({
  job: { jobId: 'job-1', kind: 'feedback-slip', paper: 'receipt', pages: null },
  state,
  reason: state === 'failed' ? 'paper-out' : null,
  canReportNothing: state === 'probable',
  again,
})

const officesOf = (hall: Hall): View<'feedback-place'>['offices'] => {
  const names = [...new Set(hall.windows.map(({ name }) => name))]
  return names.map((name) => {
    const windows = hall.windows.filter((one) => one.name === name)
    return {
      office: name,
      officeEnglish: windows[0]?.nameEnglish ?? name,
      floor: windows[0]?.floor ?? '',
      windows: windows.map(({ window }) => window),
    }
  })
}

export const feedbackScenes = (
  hall: Hall,
  guides: readonly Guide[],
  lifeEvents: View<'feedback-item'>['lifeEvents'],
): Record<string, { view: TerminalView }> => {
  const offices = officesOf(hall)
  const [office] = offices
  const first = guides[0]
  const item = { itemCode: '1', name: first?.name ?? '', nameEnglish: first?.nameEnglish ?? '' }
  const place = { office: office?.office ?? '', officeEnglish: office?.officeEnglish ?? '', window: '03' }
  const items = guides.map(({ itemCode, name, nameEnglish, office: of }) => ({
    itemCode,
    name,
    nameEnglish,
    office: of,
  }))
  const byOffice = [...new Set(guides.map((guide) => guide.office))].map((one) => ({
    office: one,
    count: guides.filter((guide) => guide.office === one).length,
  }))
  const form = (change: Partial<FeedbackForm>, notKept: View<'feedback-form'>['notKept'] = null) => ({
    view: { name: 'feedback-form', form: { ...EMPTY_FORM, ...change }, notKept } as const,
  })
  const full: Partial<FeedbackForm> = {
    lacks: [],
    item,
    place,
    reasons: ['told-in-parts', 'between-offices'],
    words: LONG_WORDS,
    phoneMasked: '139****0000',
    answer: { day: '2026-11-25', provisional: false, workingDays: 3 },
  }
  const complaint: Partial<FeedbackForm> = {
    ...full,
    kind: 'complaint',
    ground: 'favours',
    fields: ['ground', 'place', 'item', 'day', 'said', 'contact'],
    day: '2026-11-20',
    reasons: ['forced-agent'],
    named: true,
    nameMasked: '张*',
    answer: { day: '2026-12-11', provisional: false, workingDays: 15 },
  }
  const kept = (change: Partial<FeedbackKept>, of: View<'feedback-kept'>['slip']) => ({
    view: { name: 'feedback-kept', kept: { ...KEPT, ...change }, slip: of } as const,
  })
  const contact = (change: Partial<View<'feedback-contact'>>) => ({
    view: {
      name: 'feedback-contact',
      kind: 'report',
      named: null,
      nameWritten: '',
      nameMasked: null,
      phone: '',
      phoneNeeded: false,
      cardMasked: null,
      readsCards: true,
      ...change,
    } as const,
  })
  return {
    feedback: { view: { name: 'feedback', begun: null } },
    'feedback-begun': { view: { name: 'feedback', begun: 'complaint' } },
    'feedback-ground-report': { view: { name: 'feedback-ground', kind: 'report', chosen: null } },
    'feedback-ground-complaint': { view: { name: 'feedback-ground', kind: 'complaint', chosen: 'favours' } },
    'feedback-ground-request': { view: { name: 'feedback-ground', kind: 'request', chosen: null } },
    'feedback-excluded': { view: { name: 'feedback-excluded' } },
    'feedback-form-empty': form({}),
    'feedback-form-full': form(full),
    'feedback-form-complaint': form(complaint),
    'feedback-form-appointment': form({
      kind: 'request',
      ground: 'appointment',
      fields: ['ground', 'slot', 'item', 'said', 'contact'],
      lacks: [],
      slot: SLOT,
      item,
    }),
    'feedback-form-not-kept': form(full, 'no-room'),
    'feedback-item': {
      view: {
        name: 'feedback-item',
        by: 'life-event',
        lifeEvents,
        offices: byOffice,
        group: null,
        items: [],
      },
    },
    'feedback-item-offices': {
      view: { name: 'feedback-item', by: 'office', lifeEvents, offices: byOffice, group: null, items: [] },
    },
    'feedback-item-list': {
      view: { name: 'feedback-item', by: 'life-event', lifeEvents, offices: byOffice, group: 'work', items },
    },
    'feedback-search': {
      view: { name: 'feedback-search', query: 'shebao', items: items.slice(0, 3), found: 3, near: false },
    },
    'feedback-search-none': {
      view: { name: 'feedback-search', query: 'xyz', items: [], found: 0, near: false },
    },
    'feedback-place': { view: { name: 'feedback-place', kind: 'report', offices, office: null } },
    'feedback-place-windows': {
      view: { name: 'feedback-place', kind: 'complaint', offices, office: place.office },
    },
    'feedback-place-none': { view: { name: 'feedback-place', kind: 'complaint', offices: [], office: null } },
    'feedback-day': {
      view: {
        name: 'feedback-day',
        days: ['21', '20', '19', '18', '17', '16', '15'].map((day) => `2026-11-${day}`),
        chosen: '2026-11-20',
      },
    },
    'feedback-slot': {
      view: {
        name: 'feedback-slot',
        slots: ['23', '24', '25', '26', '27'].flatMap((day) => [
          { day: `2026-11-${day}`, opens: '08:30', closes: '12:00' },
          { day: `2026-11-${day}`, opens: '12:00', closes: '17:00' },
        ]),
        chosen: SLOT,
      },
    },
    'feedback-slot-none': { view: { name: 'feedback-slot', slots: [], chosen: null } },
    'feedback-said': {
      view: {
        name: 'feedback-said',
        ground: 'question',
        offered: reasonsOf.question,
        reasons: ['where', 'what-fee'],
        words: '',
      },
    },
    'feedback-said-words': {
      view: {
        name: 'feedback-said',
        ground: 'again-and-again',
        offered: reasonsOf['again-and-again'],
        reasons: ['told-in-parts'],
        words: LONG_WORDS,
      },
    },
    'feedback-contact': contact({}),
    'feedback-contact-phone': contact({
      phone: '13900000000',
      kind: 'request',
      phoneNeeded: true,
      readsCards: false,
    }),
    'feedback-contact-card': contact({
      kind: 'complaint',
      named: true,
      nameWritten: '张小雨',
      nameMasked: '张**',
      cardMasked: '张*',
    }),
    'feedback-contact-asked': contact({ kind: 'complaint' }),
    'feedback-contact-named': contact({
      kind: 'complaint',
      named: true,
      nameWritten: null,
      nameMasked: '张*',
      phone: '13900',
    }),
    'feedback-contact-anonymous': contact({ kind: 'complaint', named: false }),
    'feedback-kept': kept({}, slip('confirmed')),
    'feedback-kept-probable': kept(
      {
        kind: 'complaint',
        ground: 'quality',
        named: false,
        hasPhone: false,
        answer: { day: '2027-01-05', provisional: true, workingDays: 15 },
      },
      slip('probable'),
    ),
    'feedback-kept-failed': kept({ kind: 'request', ground: 'agent' }, slip('failed', 'a4')),
    'feedback-kept-no-printer': kept({ kind: 'request', ground: 'appointment', slot: SLOT }, slip('none')),
  }
}
