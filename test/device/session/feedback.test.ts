import { describe, expect, it } from 'vitest'
import type { SessionEvent } from '../../../device/session/state.ts'
import { groundWords, reasonWords } from '../../../sync/protocol/feedback-words.ts'
import { terminalWords } from '../../../ui/terminal/words/words.ts'
import { PERSON, sampleGuide, sampleWorld } from '../support/samples.ts'
import {
  BACK,
  begin,
  CARD_FIRST,
  contact,
  formAt,
  ground,
  play,
  say,
  sayAction,
  viewOf,
  wantedIn,
} from './feedback-play.ts'
import {
  action,
  CODE,
  edit,
  feedbackKept,
  feedbackNotKept,
  keepFeedback,
  MENU,
  OFFICE,
  REPORT_FORM,
  REPORT_SAID,
  WINDOW,
} from './feedback-ways.ts'

it('a receipt shown before anything is chosen leads to its case, and later is no part of what is written', () => {
  const scan: SessionEvent = { type: 'scanned', text: 'YX2026110001' }
  expect(play([...MENU, scan]).state.view.name).toBe('looking-up')
  expect(play([...REPORT_FORM, scan]).state.view.name).toBe('feedback-form')
})

describe('a report', () => {
  it('is handed in with four touches once its ground and one more thing are said', () => {
    expect(formAt(REPORT_FORM).lacks).toEqual(['said'])
    expect(formAt(REPORT_SAID).lacks).toEqual([])
    const sent = play([...REPORT_SAID, keepFeedback()])
    expect(sent.state.view).toEqual({ name: 'waiting', awaited: 'keeping' })
    expect(wantedIn(sent)).toMatchObject({
      key: 'intent-1',
      about: {
        type: 'report',
        facts: {
          ground: 'not-accepted',
          pace: 'ordinary',
          item: { itemCode: sampleGuide.itemCode, itemName: sampleGuide.name },
          place: null,
        },
      },
      said: null,
      user: null,
      answer: { day: '2026-11-23', workingDays: 1 },
    })
  })

  it('is not handed in while something it needs is not said', () => {
    const { state, effects } = play([...REPORT_FORM, keepFeedback()])
    expect(state.view.name).toBe('feedback-form')
    expect(effects.filter(({ type }) => type === 'errand')).toEqual([])
  })

  it('is answered by several offices where the citizen was sent between them, at once where it takes minutes', () => {
    const between = [...REPORT_FORM.slice(0, -1), ground('again-and-again'), ...say('', ['between-offices'])]
    expect(formAt(between).answer).toMatchObject({ day: '2026-11-25', workingDays: 3 })
    const quick = sampleWorld({ guides: [{ ...sampleGuide, kind: 'immediate' }] })
    // On Friday at 22:40 the next window opens on Saturday morning.
    expect(formAt(REPORT_SAID, quick).answer).toMatchObject({ day: '2026-11-21', workingDays: 0 })
    const joint = sampleWorld({ guides: [{ ...sampleGuide, kind: 'joint' }] })
    expect(formAt(REPORT_SAID, joint).answer.workingDays).toBe(3)
  })

  it('takes only reasons of its ground, and offices and windows of the hall', () => {
    const place = (office: string, window: string | null) =>
      formAt([
        ...REPORT_FORM,
        edit('place'),
        action({ type: 'choose-feedback-place', office, window }),
        ...(office === OFFICE && window !== 'X' ? [] : [BACK]),
      ]).place
    expect(place(OFFICE, WINDOW)).toMatchObject({ office: OFFICE, window: WINDOW })
    expect(place(OFFICE, null)).toMatchObject({ window: null })
    expect(place(OFFICE, 'X')).toBeNull()
    expect(place('no such office', null)).toBeNull()
    expect(formAt([...REPORT_FORM, ...say('', ['no-reason', 'asked-for-money'])]).reasons).toEqual([
      'no-reason',
    ])
  })

  it('is offered the name of a card that lies there already, and takes it by a touch alone', () => {
    const there = play([...CARD_FIRST, ...REPORT_SAID, edit('contact')])
    expect(viewOf(there.state, 'feedback-contact')).toMatchObject({
      nameWritten: '',
      nameMasked: null,
      cardMasked: PERSON.masked,
    })
    // Nobody is named who has not chosen to be.
    const silent = play(
      [action({ type: 'finish-feedback-field' }), keepFeedback()],
      sampleWorld(),
      there.state,
    )
    expect(wantedIn(silent).user).toBeNull()
    const byCard = action({ type: 'name-by-card' })
    const named = play([byCard, action({ type: 'finish-feedback-field' })], sampleWorld(), there.state)
    expect(viewOf(named.state, 'feedback-form').form.nameMasked).toBe(PERSON.masked)
    expect(JSON.stringify(named.state)).not.toContain(PERSON.name)
    const kept = play([keepFeedback()], sampleWorld(), named.state)
    expect(wantedIn(kept).user?.reveal()).toMatchObject({ name: PERSON.name, idNumber: PERSON.number })
    // A card that was lifted tells nothing more; what it told stays until another name is written.
    const lifted = play([{ type: 'card-lifted' }], sampleWorld(), there.state)
    expect(viewOf(lifted.state, 'feedback-contact').cardMasked).toBeNull()
    expect(play([byCard], sampleWorld(), lifted.state).state.personal.feedback?.card).toBeNull()
  })

  it('shows its contact masked, and never needs one', () => {
    const form = formAt([...REPORT_SAID, ...contact(null, '林晚舟', '13900000000')])
    expect(form).toMatchObject({ nameMasked: '林*', phoneMasked: '139****0000', lacks: [] })
    expect(formAt([...REPORT_SAID, ...contact(null, '', '139')]).lacks).toEqual(['contact'])
    const wanted = wantedIn(play([...REPORT_SAID, ...contact(null, '', '13900000000'), keepFeedback()]))
    expect(wanted.user?.reveal()).toEqual({
      type: '1',
      name: '',
      idType: '',
      idNumber: '',
      phone: '13900000000',
    })
  })
})

describe('what was said', () => {
  it('shows on the form however one comes back to it, and is there when the kind is begun again', () => {
    const said = [...REPORT_FORM, edit('said'), sayAction('跑了三次', ['no-reason'])]
    expect(viewOf(play([...said, BACK]).state, 'feedback-form').form).toMatchObject({
      words: '跑了三次',
      reasons: ['no-reason'],
    })
    const home = play([
      ...said,
      action({ type: 'home' }),
      action({ type: 'open-service', service: 'feedback' }),
    ])
    expect(home.state.view).toEqual({ name: 'feedback', begun: 'report' })
    expect(viewOf(play([begin('report')], sampleWorld(), home.state).state, 'feedback-form').form.words).toBe(
      '跑了三次',
    )
    // Whoever meant a complaint instead need not write it again.
    const other = play([begin('complaint'), ground('quality')], sampleWorld(), home.state)
    expect(viewOf(other.state, 'feedback-form').form).toMatchObject({ words: '跑了三次', reasons: [] })
  })

  it('leads back from the form to the menu, not through every answer', () => {
    const { state } = play([...REPORT_SAID, BACK])
    expect(state.view.name).toBe('feedback')
    expect(play([BACK], sampleWorld(), state).state.view).toEqual({ name: 'home' })
  })

  it('is one intent for however many touches, and another one once a word was changed', () => {
    const given = [...REPORT_SAID, keepFeedback('first'), BACK]
    expect(wantedIn(play([...given, keepFeedback('second')])).key).toBe('first')
    expect(wantedIn(play([...given, ...say('还有一句'), keepFeedback('second')])).key).toBe('second')
  })

  it('stays in the form when it could not be kept, and the form says why', () => {
    const { state } = play([...REPORT_SAID, keepFeedback(), feedbackNotKept('no-room')])
    expect(state.view).toMatchObject({ name: 'feedback-form', notKept: 'no-room', form: { lacks: [] } })
    expect(wantedIn(play([keepFeedback('again')], sampleWorld(), state)).key).toBe('intent-1')
  })

  it('is gone once it is kept: the page has the code, and the slip comes out beside it', () => {
    const { state, effects } = play([
      ...REPORT_SAID,
      ...say('窗口说不归这里管'),
      ...contact(null, '林晚舟', '13900000000'),
      keepFeedback(),
      feedbackKept(1, 'job-5'),
    ])
    expect(viewOf(state, 'feedback-kept')).toMatchObject({
      kept: { code: CODE, kind: 'report', hasPhone: true, firstAsked: { name: '综合受理', windows: '9–12' } },
      slip: { state: 'printing', job: { kind: 'feedback-slip', paper: 'receipt' } },
    })
    expect(state.personal.feedback).toBeNull()
    const print = effects.find((one) => one.type === 'print')
    expect(print).toMatchObject({
      key: 'slip-intent-1',
      printable: { kind: 'feedback-slip', slip: { code: CODE, words: '窗口说不归这里管' } },
    })
    // What was said, not by whom.
    expect(JSON.stringify(print)).not.toMatch(/林|139/)
    // No way leads back into a form that was handed in.
    expect(play([BACK], sampleWorld(), state).state.view).toEqual({ name: 'home' })
  })

  it('has its slip on A4 when only that works, and on the screen alone when nothing does', () => {
    const kept = [...REPORT_SAID, keepFeedback(), feedbackKept()]
    const slipWith = (receipt: boolean, a4: boolean) => {
      const { state } = play(kept, sampleWorld({ printers: { receipt, a4 } }))
      const { slip } = viewOf(state, 'feedback-kept')
      return [slip.state, slip.job.paper]
    }
    expect(slipWith(true, true)).toEqual(['printing', 'receipt'])
    expect(slipWith(false, true)).toEqual(['printing', 'a4'])
    expect(slipWith(false, false)[0]).toBe('none')
  })

  it('works with the line down and without any content of the hall', () => {
    const bare = sampleWorld({ online: false, hall: null, guides: [], calendars: [] })
    const words = [...REPORT_FORM, ...say('不收我的材料'), keepFeedback()]
    expect(wantedIn(play(words, bare)).answer).toMatchObject({ day: '2026-11-23', provisional: true })
    expect(viewOf(play([...words, feedbackKept()], bare).state, 'feedback-kept').kept.firstAsked).toBeNull()
  })
})

it('what stands on a slip is what was touched on the screen', () => {
  const { reasons, grounds } = terminalWords.zh.feedback
  expect(reasons).toEqual(reasonWords)
  expect(Object.fromEntries(Object.entries(grounds).map(([key, { name }]) => [key, name]))).toEqual(
    groundWords,
  )
})
