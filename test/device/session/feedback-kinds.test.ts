import { describe, expect, it } from 'vitest'
import type { FeedbackField } from '../../../device/http/contract.ts'
import { PERSON, sampleWorld } from '../support/samples.ts'
import {
  begin,
  CARD,
  CARD_FIRST,
  COMPLAINT,
  contact,
  formAt,
  type Ground,
  ground,
  play,
  say,
  viewOf,
  wantedIn,
} from './feedback-play.ts'
import { action, edit, keepFeedback, MENU, OFFICE, WINDOW } from './feedback-ways.ts'

describe('a complaint', () => {
  const said = [...COMPLAINT, ...say('要我找街对面那家公司', ['forced-agent'])]

  it('asks whether it is named, and nothing is chosen beforehand', () => {
    const form = formAt(said)
    expect(form).toMatchObject({ named: null, lacks: ['contact'] })
    expect(formAt([...said, ...contact(false, '', '')]).lacks).toEqual([])
    expect(formAt([...said, ...contact(true, '', '13900000000')]).lacks).toEqual(['contact'])
    expect(formAt([...said, ...contact(true, '林晚舟', '')]).lacks).toEqual([])
  })

  it('that is anonymous names nobody, whatever was written before', () => {
    const sent = play([
      ...said,
      ...contact(true, '林晚舟', '13900000000'),
      ...contact(false, '林晚舟', '13900000000'),
      keepFeedback(),
    ])
    expect(wantedIn(sent)).toMatchObject({
      user: null,
      about: { type: 'complaint', facts: { ground: 'favours', named: false } },
    })
  })

  it('says in the clear only its ground: window, item, day and words are sealed', () => {
    const sent = play([
      ...said,
      edit('place'),
      action({ type: 'choose-feedback-place', office: OFFICE, window: WINDOW }),
      edit('day'),
      action({ type: 'choose-feedback-day', day: '2026-11-19' }),
      ...contact(false, '', ''),
      keepFeedback(),
    ])
    const { about, said: sealed } = wantedIn(sent)
    expect(JSON.stringify(about)).not.toContain(OFFICE)
    expect(sealed?.reveal()).toEqual({
      item: null,
      place: { office: OFFICE, window: WINDOW },
      day: '2026-11-19',
      reasons: ['forced-agent'],
      words: '要我找街对面那家公司',
    })
  })

  it('is named by the card that is laid down, not by one that lies there while it is anonymous', () => {
    const asked = [...said, edit('contact')]
    const byCard = play([...asked, CARD])
    expect(viewOf(byCard.state, 'feedback-contact')).toMatchObject({
      named: true,
      nameWritten: null,
      nameMasked: PERSON.masked,
    })
    const sent = play(
      [action({ type: 'finish-feedback-field' }), keepFeedback()],
      sampleWorld(),
      byCard.state,
    )
    expect(wantedIn(sent).user?.reveal()).toEqual({
      type: '1',
      name: PERSON.name,
      idType: '111',
      idNumber: PERSON.number,
      phone: null,
    })
    const anonymous = play([
      ...asked,
      action({ type: 'leave-contact', named: false, name: '', phone: '' }),
      CARD,
    ])
    expect(viewOf(anonymous.state, 'feedback-contact')).toMatchObject({ named: false, nameMasked: null })
  })

  it('takes its name from a card that lies there already, as soon as it is to bear one', () => {
    const asked = play([...CARD_FIRST, ...said, edit('contact')])
    expect(viewOf(asked.state, 'feedback-contact')).toMatchObject({ named: null, nameMasked: null })
    const name = (named: boolean, name: string | null) =>
      action({ type: 'leave-contact', named, name, phone: '' })
    const byCard = play([name(true, '')], sampleWorld(), asked.state)
    const contactOf = ({ state }: ReturnType<typeof play>) => viewOf(state, 'feedback-contact')
    expect(contactOf(byCard)).toMatchObject({
      named: true,
      nameWritten: null,
      nameMasked: PERSON.masked,
      cardMasked: null,
    })
    expect(byCard.state.personal.feedback?.card?.user.reveal()).toMatchObject({ idNumber: PERSON.number })
    // Whoever would rather write another name does, and may change back by one touch.
    const written = play([name(true, '林晚'), name(true, '')], sampleWorld(), byCard.state)
    expect(contactOf(written)).toMatchObject({ nameWritten: '', nameMasked: null, cardMasked: PERSON.masked })
    const back = play([action({ type: 'name-by-card' })], sampleWorld(), written.state)
    expect(contactOf(back)).toMatchObject({ nameWritten: null, nameMasked: PERSON.masked, cardMasked: null })
    // Once more anonymous: nobody is named, whatever lies there.
    const anonymous = play(
      [name(false, null), action({ type: 'name-by-card' }), action({ type: 'finish-feedback-field' })],
      sampleWorld(),
      byCard.state,
    )
    expect(viewOf(anonymous.state, 'feedback-form').form).toMatchObject({ named: false, nameMasked: null })
    expect(wantedIn(play([keepFeedback()], sampleWorld(), anonymous.state)).user).toBeNull()
  })
})

describe('a request', () => {
  const request = (one: Ground) => [...MENU, begin('request'), ground(one)]

  it('needs what its kind needs and nothing else', () => {
    const lacks = (one: Ground): FeedbackField[] => formAt(request(one)).lacks
    expect(lacks('question')).toEqual(['said'])
    expect(lacks('agent')).toEqual(['contact'])
    expect(lacks('home-visit')).toEqual(['contact'])
    expect(lacks('appointment')).toEqual(['slot'])
  })

  it('for an appointment offers hours in which windows are open', () => {
    const { state } = play([...request('appointment'), edit('slot')])
    const { slots } = viewOf(state, 'feedback-slot')
    expect(slots.slice(0, 3)).toEqual([
      { day: '2026-11-21', opens: '09:00', closes: '12:00' },
      { day: '2026-11-23', opens: '08:30', closes: '12:00' },
      { day: '2026-11-23', opens: '12:00', closes: '17:00' },
    ])
    const chosen = play(
      [action({ type: 'choose-feedback-slot', day: '2026-11-23', opens: '08:30' }), keepFeedback()],
      sampleWorld(),
      state,
    )
    expect(wantedIn(chosen).about).toMatchObject({
      type: 'request',
      facts: { kind: 'appointment', slot: { day: '2026-11-23', opens: '08:30' }, firstAsked: '综合受理' },
    })
  })
})
