/** What a citizen leaves, from the touch to whoever answers it: a real device, a real line, a real hall. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { feedbackErrands } from '../../../device/reports/errands.ts'
import type { FeedbackWanted } from '../../../device/reports/feedback.ts'
import { FeedbackStore } from '../../../device/reports/feedback-store.ts'
import { openRecords } from '../../../device/store/records.ts'
import { Personal } from '../../../drivers/personal.ts'
import { createHallClient } from '../../../sync/hall-client.ts'
import { readFeedbackCode, spacedCode } from '../../../sync/protocol/feedback-code.ts'
import { newFolder, startTestHall, type TestHall } from '../../sync/hall/helpers.ts'
import { run } from '../../sync/hall/support/command.ts'
import { startTestDevice, temporaryFolder } from '../support/house.ts'
import { openTerminal } from '../support/screen.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

/** Planted: they may be nowhere but in what is sealed. */
const WORDS = '灯火巷口的窗口让我回去三趟'
const NAME = '林晚舟'
const PHONE = '13900008888'

let parts: AsyncDisposableStack
let hall: TestHall
beforeEach(async () => {
  parts = new AsyncDisposableStack()
  hall = await startTestHall({ demo: true })
  parts.defer(() => hall.close())
})
afterEach(() => parts.disposeAsync())

const listed = (...args: string[]) => run('feedback', ...args, '--data', hall.dataDir)

describe('on a terminal whose line is down', () => {
  it('a report is kept, told of by its code, and at the hall once the line is back: once, sealed, whole', async () => {
    const proxy = await startTcpProxy(Number(new URL(hall.hall.url).port))
    parts.defer(() => proxy.close())
    const dataDir = await temporaryFolder(parts)
    const device = await startTestDevice({
      role: 'terminal',
      hallUrl: `http://127.0.0.1:${proxy.port}`,
      enrolmentCode: hall.hall.createEnrolmentCode(),
      dataDir,
    })
    parts.defer(() => device.close())
    const screen = await openTerminal(device.screenUrl)
    parts.defer(() => screen.close())
    await screen.until(({ hall: known, line, view }) => known !== null && line.online && view.name === 'rest')
    proxy.cut()
    await screen.until(({ line }) => !line.online)

    await screen.act({ type: 'wake' })
    expect(screen.state().tiles.find(({ service }) => service === 'feedback')?.unavailable).toBeNull()
    await screen.act({ type: 'open-service', service: 'feedback' })
    await screen.act({ type: 'begin-feedback', kind: 'report' })
    await screen.act({ type: 'choose-ground', ground: 'again-and-again' })
    await screen.act({ type: 'edit-feedback', field: 'said' })
    await screen.act({ type: 'say-feedback', reasons: ['between-offices'], words: WORDS })
    await screen.act({ type: 'finish-feedback-field' })
    await screen.act({ type: 'edit-feedback', field: 'contact' })
    await screen.act({ type: 'leave-contact', named: null, name: NAME, phone: PHONE })
    await screen.act({ type: 'finish-feedback-field' })
    // A second touch before the page has changed, as of a page that was loaded anew in between.
    await Promise.all(['one', 'two', 'three'].map((key) => screen.act({ type: 'keep-feedback', key })))
    const { view } = await screen.untilView('feedback-kept')
    expect(readFeedbackCode(view.kept.code)).toBe(view.kept.code)
    expect(view).toMatchObject({
      kept: { answer: { workingDays: 3 }, hasPhone: true },
      slip: { state: 'none', again: null },
    })
    await screen.act({ type: 'end' })
    await screen.untilView('ending')
    expect((await listed()).out).toContain('nothing is waiting')
    // Nothing of it lies in the clear in what the device keeps.
    for (const file of readdirSync(dataDir)) {
      const bytes = readFileSync(join(dataDir, file))
      for (const planted of [WORDS, NAME, PHONE])
        for (const encoding of ['utf8', 'utf16le'] as const)
          expect([file, bytes.includes(Buffer.from(planted, encoding))]).toEqual([file, false])
    }

    proxy.mend()
    await screen.until(({ line }) => line.online && line.backlog === 0)
    const { out } = await listed('--reveal')
    expect(out.match(new RegExp(spacedCode(view.kept.code), 'g'))).toHaveLength(1)
    expect(out).toContain(view.kept.answer.day)
    for (const told of [WORDS, NAME, PHONE, '几个部门之间来回跑']) expect(out).toContain(told)
  })
})

const WANTED: FeedbackWanted = {
  key: 'intent-1',
  about: { type: 'request', facts: { kind: 'question', item: null, slot: null, firstAsked: '综合受理' } },
  said: new Personal({ item: null, place: null, day: null, reasons: ['where'], words: WORDS }),
  user: new Personal({ type: '1', name: NAME, idType: '', idNumber: '', phone: PHONE }),
  answer: { day: '2026-11-23', provisional: false, workingDays: 1 },
}

const roomIn = async (quotaBytes?: number) => {
  const dataDir = newFolder()
  parts.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const records = openRecords({ dataDir, ...(quotaBytes !== undefined && { quotaBytes }) })
  parts.defer(() => records.close())
  const { identity, db, outbox } = records
  const troubles: unknown[] = []
  const store = new FeedbackStore(db, outbox.append)
  const errands = feedbackErrands({
    identity,
    store,
    clock: () => ({ synchronized: true, offsetMs: 0 }),
    onTrouble: (error) => troubles.push(error),
  })
  const enrol = async () => {
    const client = createHallClient({ url: hall.hall.url, identity })
    const enrolmentCode = hall.hall.createEnrolmentCode()
    const joined = await client.enrol({
      enrolmentCode,
      role: 'terminal',
      name: '一号',
      window: null,
      software: '0',
    })
    expect(joined.ok).toBe(true)
  }
  const rows = () => db.prepare('SELECT count(*) FROM feedback').pluck().get()
  return { errands, store, enrol, rows, troubles, backlog: () => outbox.backlog().count }
}

describe('keeping', () => {
  it('the same intent twice keeps it once and tells the same, also a month of other reports later', async () => {
    const { errands, store, enrol, rows, backlog } = await roomIn()
    await enrol()
    const [first, second] = await Promise.all([errands.feedback(WANTED), errands.feedback(WANTED)])
    expect(first).toEqual(second)
    expect([rows(), backlog()]).toEqual([1, 1])
    const other = await errands.feedback({ ...WANTED, key: 'intent-2' })
    expect(other).not.toEqual(first)
    expect([rows(), backlog()]).toEqual([2, 2])
    store.forgetOld(new Date(Date.now() + 29 * 86_400_000))
    expect(rows()).toBe(2)
    store.forgetOld(new Date(Date.now() + 31 * 86_400_000))
    expect([rows(), backlog()]).toEqual([0, 2])
  })

  it('on a device that has never met its hall keeps nothing, and says so', async () => {
    const { errands, rows, troubles } = await roomIn()
    expect(await errands.feedback(WANTED)).toEqual({ outcome: 'not-kept', why: 'no-hall' })
    expect([rows(), troubles]).toEqual([0, []])
  })

  it('in a store without room keeps neither the fact nor its key, and says so', async () => {
    const { errands, enrol, rows, troubles, backlog } = await roomIn(1)
    await enrol()
    expect(await errands.feedback(WANTED)).toEqual({ outcome: 'not-kept', why: 'no-room' })
    expect([rows(), backlog(), troubles.length]).toEqual([0, 0, 1])
    expect(String(troubles[0])).not.toMatch(new RegExp(`${WORDS}|${NAME}|${PHONE}`))
  })
})
