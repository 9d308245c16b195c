/** What a citizen writes beside the labels: safe as it is typed, sealed, and never the reason that anything is lost. */
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Level, PadAction } from '../../../device/http/contract.ts'
import { WrittenWords } from '../../../device/rating/written-words.ts'
import { unseal } from '../../../sync/protocol/sealing.ts'
import { fillDisk } from '../support/full-disk.ts'
import { padAlone } from '../support/pad-alone.ts'
import { startPadAtWindow } from '../support/pad-at-window.ts'
import { DEVICE_ID, question } from '../support/pad-room.ts'
import { bodyOf } from '../support/screen.ts'

const SAID = '等了两个小时。\n希望多开一个窗口'

describe('words that are written', () => {
  const at = padAlone()

  const answered = async (level: Level = 'dissatisfied'): Promise<string> => {
    const evaluationId = at.ask()
    await at.tap(evaluationId, level)
    await at.room.pad.act({ type: 'open-words', evaluationId })
    return evaluationId
  }
  const write = (evaluationId: string, words: string, type: 'set-words' | 'close-words' = 'set-words') =>
    at.room.pad.act({ type, evaluationId, words })
  const labels = () => {
    const view = at.room.pad.view()
    if (view.name !== 'labels') throw new Error(`the page is ${view.name}`)
    return view
  }
  const said = async (): Promise<string | undefined> => {
    const [rating] = at.room.ratings()
    if (rating?.comment == null) return undefined
    const opened = await unseal(rating.comment, [at.room.sealingKeys], {
      purpose: 'rating',
      device: DEVICE_ID,
    })
    return opened.ok ? opened.unsealed.reveal().text : undefined
  }

  it.each([
    [
      '完成 is touched',
      (id: string) => at.room.pad.act({ type: 'finish', evaluationId: id, labels: [], comment: null }),
    ],
    ['the page closes by itself', () => vi.advanceTimersByTime(15_000)],
    ['the power is cut', () => at.restart()],
  ])('go with the rating when %s, and are the reason of a bad one', async (_how, end) => {
    const id = await answered()
    await write(id, SAID)
    await end(id)
    expect(at.room.ratings()).toMatchObject([{ level: 2, labels: [], reasonPending: false }])
    expect(await said()).toBe(SAID)
  })

  it('lie in the store sealed, and leave it with the answer', async () => {
    const id = await answered()
    await write(id, SAID)
    const row = () => JSON.stringify(at.room.db.prepare('SELECT * FROM question').all())
    expect(row()).not.toContain('小时')
    expect(row()).toContain('eyJ')
    vi.advanceTimersByTime(15_000)
    expect(row()).not.toContain('eyJ')
    expect(JSON.stringify(at.room.pad.view())).not.toContain('小时')
  })

  it('keep the page open as long as they are typed, 5 min at most', async () => {
    const id = await answered()
    for (let typed = 1; typed <= 21; typed++) {
      vi.advanceTimersByTime(14_000)
      await write(id, SAID.slice(0, typed))
      expect(labels()).toMatchObject({ writing: true, words: SAID.slice(0, typed) })
    }
    vi.advanceTimersByTime(6_000)
    expect(at.room.pad.view().name).toBe('thanks')
    expect(await said()).toBe(SAID.trim())
  })

  it('stand on a page that is loaded anew, and are there when the labels are back', async () => {
    const id = await answered()
    await at.room.pad.act({ type: 'set-labels', evaluationId: id, labels: ['213'] })
    await write(id, SAID)
    expect(labels()).toMatchObject({ writing: true, words: SAID, chosen: ['213'] })
    await write(id, `${SAID}。`, 'close-words')
    expect(labels()).toMatchObject({ writing: false, words: `${SAID}。`, chosen: ['213'] })
  })

  it('that are wiped again are none', async () => {
    const id = await answered()
    await write(id, SAID)
    await write(id, '  ', 'close-words')
    vi.advanceTimersByTime(15_000)
    expect(at.room.ratings()).toMatchObject([{ comment: null, reasonPending: true }])
  })

  it('that come when the page has closed change nothing', async () => {
    const id = await answered()
    const late = write(id, SAID)
    vi.advanceTimersByTime(15_000)
    expect(await late).toEqual({ ok: true })
    expect(await write(id, SAID)).toEqual({ ok: true })
    expect(at.room.pad.view()).toEqual({ name: 'thanks' })
    expect(at.room.ratings()).toMatchObject([{ comment: null, reasonPending: true }])
  })

  it('that a full disk does not take are refused, and stand as they did', async () => {
    const id = await answered()
    await write(id, '先')
    const makeRoom = fillDisk(at.room.db, 'UPDATE ON', 'question')
    await expect(write(id, '后')).rejects.toThrow()
    expect(labels().words).toBe('先')
    makeRoom()
    await write(id, '后')
    expect(labels().words).toBe('后')
  })

  it('are on nobody’s page after the next question opens', async () => {
    const id = await answered()
    await write(id, SAID)
    vi.advanceTimersByTime(15_000 + 3_000)
    const next = at.room.pad.ask(question('CASE2'))
    if (!('id' in next)) throw new Error('it was not asked')
    await at.room.pad.act({ type: 'choose-level', evaluationId: next.id, level: 'satisfied' })
    expect(labels()).toMatchObject({ words: '', writing: false })
  })
})

it('of two writings at once the later stands, whichever is sealed first', async () => {
  const sealing: ((jwe: string) => void)[] = []
  const words = new WrittenWords(() => new Promise((resolve) => sealing.push(resolve)))
  const kept: (string | null)[] = []
  const keep = (comment: string | null): void => void kept.push(comment)
  const both = [words.write('先', keep), words.write('后', keep)]
  sealing[1]?.('sealed second')
  await both[1]
  sealing[0]?.('sealed first')
  await both[0]
  expect([words.text, words.comment, kept]).toEqual(['后', 'sealed second', ['sealed second']])
})

it('too many words, control characters and half characters are refused in plain words, and nothing is lost', async () => {
  const parts = new AsyncDisposableStack()
  onTestFinished(() => parts.disposeAsync())
  const { hall, screen, ask } = await startPadAtWindow(parts)
  await screen.untilView('rest')
  const evaluationId = String((await ask('YX2026110007K3')).body.id)
  await screen.act({ type: 'choose-level', evaluationId, level: 'dissatisfied' })
  await screen.act({ type: 'set-words', evaluationId, words: SAID })
  const refused = async (words: string): Promise<unknown[]> => {
    const answers: unknown[] = []
    const actions: PadAction[] = [
      { type: 'set-words', evaluationId, words },
      { type: 'finish', evaluationId, labels: ['213'], comment: words },
    ]
    for (const action of actions) {
      const answer = await screen.act(action)
      const { code, detail } = await bodyOf(answer)
      answers.push(answer.status, code, detail)
    }
    return answers
  }
  expect(await refused('字'.repeat(501))).toEqual([
    400,
    'body-invalid',
    'words: more than 500 characters; say it in fewer',
    400,
    'body-invalid',
    'comment: more than 500 characters; say it in fewer',
  ])
  for (const control of ['a\u0000b', 'a\u001bb', 'a\rb', 'a\u007fb', 'a\u0085b'])
    expect((await refused(control))[2]).toBe(
      'words: holds a control character other than the line break; take it out',
    )
  expect((await refused('a\ud83d'))[2]).toBe('words: holds half a character; take it out')
  expect((await refused('x'.repeat(100 * 1024)))[0]).toBe(413)
  const { view } = await screen.until(({ view }) => view.name === 'labels')
  expect(view).toMatchObject({ words: SAID, chosen: [] })
  await screen.act({ type: 'finish', evaluationId, labels: ['213'], comment: null })
  await screen.untilView('thanks')
  await screen.until(({ line }) => line.backlog === 0)
  expect((await hall.counts()).rating).toBe(1)
})
