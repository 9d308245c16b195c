import { describe, expect, it, vi } from 'vitest'
import type { Level } from '../../../device/http/contract.ts'
import { labelsIn, newestDictionary } from '../../../device/rating/dictionaries.ts'
import { unseal } from '../../../sync/protocol/sealing.ts'
import { padAlone } from '../support/pad-alone.ts'
import { DEVICE_ID, question } from '../support/pad-room.ts'

const LEVELS: [Level, 5 | 4 | 3 | 2 | 1][] = [
  ['very-satisfied', 5],
  ['satisfied', 4],
  ['fairly-satisfied', 3],
  ['dissatisfied', 2],
  ['very-dissatisfied', 1],
]

const elsewhere = padAlone()
const at = padAlone()
const { ask, tap, finish, page, restart } = at

const labelsShown = (): string[] => {
  const view = at.room.pad.view()
  return view.name === 'labels' ? view.labels.map(({ code }) => code) : []
}

describe('silence', () => {
  it('never becomes a rating: untouched for 60 s, the question goes as declined', () => {
    const id = ask()
    vi.advanceTimersByTime(59_999)
    expect(page()).toBe('asking')
    vi.advanceTimersByTime(1)
    expect(page()).toBe('rest')
    expect(at.room.ratings()).toEqual([])
    expect(at.room.events().at(-1)).toMatchObject({
      type: 'rating-declined',
      data: { outcome: 'timed-out', case: { caseNo: 'YX2026110007K3' } },
    })
    expect(at.room.pad.evaluation(id)).toBe('declined')
  })

  it('is put off by each touch, and comes after 5 min at most', () => {
    ask()
    for (let minutes = 0; minutes < 4; minutes++) {
      vi.advanceTimersByTime(59_000)
      at.room.pad.touch()
      expect(page()).toBe('asking')
    }
    vi.advanceTimersByTime(55_000)
    at.room.pad.touch()
    vi.advanceTimersByTime(8_999)
    expect(page()).toBe('asking')
    vi.advanceTimersByTime(1)
    expect(page()).toBe('rest')
    expect(at.room.ratings()).toEqual([])
  })

  it('over a restart stays silence', () => {
    const id = ask()
    restart()
    expect(at.room.ratings()).toEqual([])
    expect(at.room.pad.evaluation(id)).toBe('declined')
    expect(page()).toBe('rest')
  })
})

describe('the tap', () => {
  it('is durable before the page of labels appears', async () => {
    const id = ask()
    await tap(id, 'dissatisfied')
    expect(page()).toBe('labels')
    restart()
    expect(at.room.ratings()).toMatchObject([{ level: 2, labels: [], reasonPending: true, comment: null }])
    expect(at.room.pad.evaluation(id)).toBe('rated')
  })

  it('counts once: a second one on the page of labels changes nothing', async () => {
    const id = ask()
    await tap(id, 'very-satisfied')
    expect(await tap(id, 'very-dissatisfied')).toEqual({ ok: true })
    await finish(id)
    expect(at.room.ratings().map(({ level }) => level)).toEqual([5])
  })

  it('keeps its own time, whatever is touched afterwards', async () => {
    const id = ask()
    vi.advanceTimersByTime(10_000)
    await tap(id)
    vi.advanceTimersByTime(9_000)
    await finish(id)
    const [rating] = at.room.ratings()
    expect(new Date(rating?.askedAt ?? '').toISOString()).toBe('2026-11-21T02:00:00.000Z')
    expect(new Date(rating?.capturedAt ?? '').toISOString()).toBe('2026-11-21T02:00:10.000Z')
    expect(rating?.clock).toEqual({ synchronized: true, offsetMs: -12 })
  })

  it('maps each of the five to its number, and the page after it offers that level’s labels', async () => {
    for (const [level, number] of LEVELS) {
      const id = ask(`CASE${number}`)
      await tap(id, level)
      const view = at.room.pad.view()
      expect(view.name === 'labels' && view.labels).toEqual(labelsIn(newestDictionary([]), number))
      expect(Object.keys(view).sort()).toEqual([
        'anonymous',
        'chosen',
        'closesAt',
        'evaluationId',
        'labels',
        'name',
        'words',
        'writing',
      ])
      await finish(id)
      vi.advanceTimersByTime(3_000)
    }
    expect(at.room.ratings().map(({ level }) => level)).toEqual([5, 4, 3, 2, 1])
  })
})

describe('the page of labels', () => {
  it.each([
    ['closes by itself', () => vi.advanceTimersByTime(15_000)],
    ['is cut off by a restart', () => restart()],
  ])('keeps every label that was touched when it %s', async (_how, end) => {
    const id = ask()
    await tap(id)
    const labels = labelsShown().slice(0, 2)
    expect(labels).toHaveLength(2)
    expect(await at.room.pad.act({ type: 'set-labels', evaluationId: id, labels })).toEqual({ ok: true })
    end()
    expect(at.room.ratings()).toEqual([expect.objectContaining({ labels })])
  })

  it('takes only labels of its level', async () => {
    const id = ask()
    await tap(id)
    const answer = await at.room.pad.act({ type: 'set-labels', evaluationId: id, labels: ['999'] })
    expect(answer).toMatchObject({ ok: false, code: 'unknown-label' })
    expect(at.room.pad.view()).toMatchObject({ chosen: [] })
  })

  it('closes by itself after 15 s without a touch, and the rating stands', async () => {
    const id = ask()
    await tap(id)
    vi.advanceTimersByTime(14_999)
    expect(at.room.ratings()).toEqual([])
    at.room.pad.touch()
    vi.advanceTimersByTime(14_999)
    expect(page()).toBe('labels')
    vi.advanceTimersByTime(1)
    expect(page()).toBe('thanks')
    expect(at.room.ratings()).toHaveLength(1)
  })

  it('takes that level’s labels only, each once', async () => {
    const id = ask()
    await tap(id, 'satisfied')
    for (const wrong of [['510'], ['999'], ['406', '406']]) {
      expect(await finish(id, wrong)).toMatchObject({ ok: false, code: 'unknown-label' })
    }
    expect(page()).toBe('labels')
    expect(await finish(id, ['406', '413'])).toEqual({ ok: true })
    expect(at.room.ratings()).toMatchObject([{ level: 4, labels: ['406', '413'], dictionary: '2019.1' }])
  })

  it('of a bad rating without label or words leaves the reason pending, and with either does not', async () => {
    const wanted: [Level, string[], string | null, boolean][] = [
      ['dissatisfied', [], null, true],
      ['very-dissatisfied', [], '  ', true],
      ['dissatisfied', ['213'], null, false],
      ['very-dissatisfied', [], '等了两个小时', false],
      ['fairly-satisfied', [], null, false],
    ]
    for (const [index, [level, labels, comment]] of wanted.entries()) {
      const id = ask(`CASE${index}`)
      await tap(id, level)
      await finish(id, labels, comment)
      vi.advanceTimersByTime(3_000)
    }
    expect(at.room.ratings().map(({ reasonPending }) => reasonPending)).toEqual(
      wanted.map(([, , , pending]) => pending),
    )
  })

  it('seals the words for the hall alone', async () => {
    const id = ask()
    await tap(id)
    await finish(id, [], '谢谢窗口的耐心\n下次再来')
    const comment = at.room.ratings()[0]?.comment ?? ''
    expect(JSON.stringify(at.room.events())).not.toContain('谢谢')
    const opened = await unseal(comment, [at.room.sealingKeys], { purpose: 'rating', device: DEVICE_ID })
    expect(opened.ok && opened.unsealed.reveal().text).toBe('谢谢窗口的耐心\n下次再来')
  })
})

describe('anonymity', () => {
  const sealed = 'eyJhbGciOiJFQ0RILUVTIn0..aXY.Y2lwaGVydGV4dA.dGFn'

  it('leaves the rater out of the rating', async () => {
    const id = ask('CASE1', { user: sealed })
    await at.room.pad.act({ type: 'set-anonymous', evaluationId: id, anonymous: true })
    await tap(id)
    await finish(id)
    expect(at.room.ratings()).toMatchObject([{ anonymous: true, user: null }])
  })

  it('chosen before a restart still holds after it', async () => {
    const id = ask('CASE1', { user: sealed })
    await tap(id)
    await at.room.pad.act({ type: 'set-anonymous', evaluationId: id, anonymous: true })
    restart()
    expect(at.room.ratings()).toMatchObject([{ anonymous: true, user: null }])
  })

  it('can be taken back', async () => {
    const id = ask('CASE1', { user: sealed })
    await at.room.pad.act({ type: 'set-anonymous', evaluationId: id, anonymous: true })
    await at.room.pad.act({ type: 'set-anonymous', evaluationId: id, anonymous: false })
    await tap(id)
    await finish(id)
    expect(at.room.ratings()).toMatchObject([{ anonymous: false, user: sealed }])
  })
})

describe('one rating for each service', () => {
  it('a second for the same case is refused with a friendly page, also after a restart', async () => {
    const id = ask()
    await tap(id)
    await finish(id)
    vi.advanceTimersByTime(3_000)
    expect(at.room.pad.ask(question())).toEqual({ verdict: 'already-rated' })
    expect(page()).toBe('already-rated')
    vi.advanceTimersByTime(5_000)
    expect(page()).toBe('rest')
    restart()
    expect(at.room.pad.ask(question())).toEqual({ verdict: 'already-rated' })
    expect(at.room.ratings()).toHaveLength(1)
  })

  it('another service number, and a follow-up, are ratings of their own', async () => {
    for (const change of [{}, { case: { ...question().case, serviceNumber: 2 } }, { assessNumber: 2 }]) {
      const id = ask('YX2026110007K3', change)
      await tap(id)
      await finish(id)
      vi.advanceTimersByTime(3_000)
    }
    expect(at.room.ratings().map((rating) => [rating.case?.serviceNumber, rating.assessNumber])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
    ])
  })

  it('is known again by a keyed hash: the table of the rated names no case', async () => {
    const id = ask()
    await tap(id)
    await finish(id)
    const { case: ratedCase, assessNumber } = question()
    const key = at.room.store.serviceKey(ratedCase, assessNumber)
    expect(key).not.toContain(ratedCase.caseNo)
    expect(elsewhere.room.store.serviceKey(ratedCase, assessNumber)).not.toBe(key)
  })
})

describe('while a question is open', () => {
  it('a second request is busy and the first is unharmed', async () => {
    const id = ask('CASE1')
    expect(at.room.pad.ask(question('CASE2'))).toEqual({ verdict: 'busy' })
    await tap(id)
    expect(at.room.pad.ask(question('CASE2'))).toEqual({ verdict: 'busy' })
    await finish(id)
    expect(at.room.pad.ask(question('CASE2'))).toEqual({ verdict: 'busy' })
    vi.advanceTimersByTime(3_000)
    expect(at.room.ratings()).toMatchObject([{ case: { caseNo: 'CASE1' } }])
    expect(at.room.pad.ask(question('CASE2'))).toMatchObject({ verdict: 'opened' })
  })

  it('the same request has the same answer, even while its thanks are shown', async () => {
    const opened = at.room.pad.ask(question())
    if (!('id' in opened)) throw new Error(`refused: ${opened.verdict}`)
    const same = { ...opened, verdict: 'same' }
    expect(new Date(opened.expiresAt)).toEqual(new Date('2026-11-21T10:01:00+08:00'))
    vi.advanceTimersByTime(5_000)
    expect(at.room.pad.ask(question())).toEqual(same)
    at.room.pad.touch()
    expect(at.room.pad.ask(question())).toEqual(same)
    await tap(opened.id)
    expect(at.room.pad.ask(question())).toEqual(same)
    await finish(opened.id)
    expect(page()).toBe('thanks')
    expect(at.room.pad.ask(question())).toEqual(same)
  })

  it('“replace” before the first touch cancels it', () => {
    const first = ask('CASE1')
    const second = ask('CASE2', { replace: true })
    expect(at.room.pad.evaluation(first)).toBe('cancelled')
    expect(at.room.pad.evaluation(second)).toBe('waiting')
    expect(at.room.pad.view()).toMatchObject({ name: 'asking', evaluationId: second })
    expect(at.room.events().at(-1)).toMatchObject({ type: 'rating-declined', data: { outcome: 'cancelled' } })
  })

  it('“replace” after the first touch waits until the pad is back at rest', async () => {
    const first = ask('CASE1')
    await tap(first)
    const second = ask('CASE2', { replace: true })
    expect(at.room.pad.view()).toMatchObject({ name: 'labels', evaluationId: first })
    expect(at.room.pad.evaluation(second)).toBe('waiting')
    await finish(first)
    vi.advanceTimersByTime(3_000)
    expect(at.room.pad.view()).toMatchObject({ name: 'asking', evaluationId: second })
    expect(at.room.ratings()).toMatchObject([{ case: { caseNo: 'CASE1' } }])
  })

  it('a cancel before the first touch ends it, and is a fact', () => {
    const id = ask()
    expect(at.room.pad.cancel(id)).toBe(true)
    expect(page()).toBe('rest')
    expect(at.room.pad.evaluation(id)).toBe('cancelled')
    expect(at.room.events().map(({ data }) => data)).toMatchObject([
      { outcome: 'cancelled', staff: { window: '12' } },
    ])
  })

  it('a cancel after the first touch does not undo it', async () => {
    const id = ask()
    await tap(id)
    expect(at.room.pad.cancel(id)).toBe(true)
    expect(page()).toBe('labels')
    await finish(id)
    expect(at.room.pad.cancel(id)).toBe(true)
    vi.advanceTimersByTime(3_000)
    expect(at.room.ratings()).toHaveLength(1)
    expect(at.room.pad.evaluation(id)).toBe('rated')
  })

  it('pause and staff take effect at once before the first touch, and at rest after it', async () => {
    const first = ask('CASE1')
    at.room.pad.setDesk({ staffId: 'S012' })
    expect(at.room.pad.desk().staffId).toBe('S012')
    await tap(first)
    at.room.pad.setDesk({ staffId: 'S007' })
    at.room.pad.setDesk({ paused: true, message: '稍后回来' })
    expect(at.room.pad.desk()).toMatchObject({ staffId: 'S012', paused: false })
    await finish(first)
    expect(page()).toBe('thanks')
    vi.advanceTimersByTime(3_000)
    expect(at.room.pad.view()).toEqual({ name: 'paused', message: '稍后回来' })
    expect(at.room.pad.desk().staffId).toBe('S007')
    expect(at.room.pad.ask(question('CASE2'))).toEqual({ verdict: 'paused' })
  })

  it('a pause before the first touch cancels it', () => {
    const id = ask()
    at.room.pad.setDesk({ paused: true, message: null })
    expect(at.room.pad.evaluation(id)).toBe('cancelled')
    expect(page()).toBe('paused')
  })
})

describe('the window', () => {
  it('sees the state change only when the pad is back at rest, and the same whatever the answer was', async () => {
    const histories = []
    for (const [level, number] of LEVELS) {
      at.room.news.length = 0
      const id = ask(`CASE${number}`)
      const seen = [at.room.pad.evaluation(id)]
      await tap(id, level)
      seen.push(at.room.pad.evaluation(id))
      await finish(id)
      seen.push(at.room.pad.evaluation(id))
      vi.advanceTimersByTime(2_999)
      seen.push(at.room.pad.evaluation(id))
      vi.advanceTimersByTime(1)
      seen.push(at.room.pad.evaluation(id))
      histories.push({ seen, news: at.room.news.map((one) => ({ ...one, id: 'id' })) })
    }
    expect(histories[0]?.seen).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'rated'])
    expect(histories[0]?.news.map((one) => 'state' in one && one.state)).toEqual(['waiting', 'rated'])
    for (const history of histories) expect(history).toEqual(histories[0])
  })

  it('“not now” is declined, with the same pause before rest', async () => {
    const id = ask()
    await at.room.pad.act({ type: 'not-now', evaluationId: id })
    expect(page()).toBe('not-now')
    expect(at.room.pad.evaluation(id)).toBe('waiting')
    vi.advanceTimersByTime(3_000)
    expect(at.room.pad.evaluation(id)).toBe('declined')
    expect(at.room.events()).toMatchObject([{ type: 'rating-declined', data: { outcome: 'not-now' } }])
  })

  it('has its signed-in staff and its pause back after a restart', () => {
    at.room.pad.setDesk({ staffId: 'S012', ticketNo: 'A019' })
    restart()
    expect(at.room.pad.desk()).toMatchObject({ staffId: 'S012' })
    expect(at.room.pad.view()).toEqual({ name: 'rest', servingTicketNo: 'A019' })
    const id = ask()
    expect(id).toBeTruthy()
    expect(at.room.pad.cancel(id)).toBe(true)
    expect(at.room.events().at(-1)).toMatchObject({ data: { staff: { staffId: 'S012', window: '12' } } })
  })
})

it('a touch on a question that is closed is refused', async () => {
  const id = ask()
  at.room.pad.cancel(id)
  expect(await tap(id)).toMatchObject({ ok: false, code: 'not-open' })
  expect(at.room.ratings()).toEqual([])
})
