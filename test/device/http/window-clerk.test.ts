import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Device } from '../../../device/device.ts'
import type { ClerkState, PadState } from '../../../device/http/contract.ts'
import { setStaffPin } from '../../../sync/hall/content/staff-file.ts'
import { type Hall, startHall } from '../../../sync/hall/hall.ts'
import { letThanksBeBrief } from '../support/brief-thanks.ts'
import { cheapHash } from '../support/cheap-pin.ts'
import { ClerkBrowser } from '../support/clerk-browser.ts'
import { startTestDevice, temporaryFolder, WINDOW_TOKEN, windowRequest } from '../support/house.ts'
import { bodyOf, openPad, type TestScreen } from '../support/screen.ts'
import { SILENT } from '../support/silent.ts'

const DEMO = join(import.meta.dirname, '../../../sync/hall/demo')
const PIN = '806417'

const parts = new AsyncDisposableStack()
let hall: Hall
let staffFile: string
let dataDir: string
let device: Device
let screen: TestScreen<PadState>
/** The log of the pad, as its technician has it. */
let log = ''
const logger = pino(
  { level: 'trace' },
  {
    write(line: string) {
      log += line
    },
  },
)
const browsers: ClerkBrowser[] = []

const browser = (): ClerkBrowser => {
  const one = new ClerkBrowser(device.windowUrl)
  browsers.push(one)
  return one
}
const signedIn = async (staffId = 'S012', pin = PIN): Promise<ClerkBrowser> => {
  const one = browser()
  const { status, body } = await one.signIn(staffId, pin)
  expect([status, body.desk?.clerk.staffId]).toEqual([200, staffId])
  return one
}
/** As `window24 hall pin` writes it; the pad has it once the hall has read its folder. */
const setPin = (staffId: string, pin: string | null): string => {
  const hash = pin === null ? null : cheapHash(pin)
  setStaffPin(staffFile, staffId, hash)
  hall.reload()
  return hash ?? ''
}
const start = async (enrolmentCode: string | null): Promise<void> => {
  device = await startTestDevice({ role: 'pad', hallUrl: hall.url, enrolmentCode, dataDir, more: { logger } })
  screen = await openPad(device.screenUrl)
  await screen.until(({ view, hall: known }) => view.name === 'rest' && known !== null)
}
const stop = async (): Promise<void> => {
  screen.close()
  await device.close()
}
const POLL = { timeout: 20_000 }

let hash: string
beforeAll(async () => {
  // What comes after thanks is what is looked at here.
  parts.defer(letThanksBeBrief())
  const hallDir = await temporaryFolder(parts)
  mkdirSync(join(hallDir, 'content'))
  for (const name of ['guides', 'hall.json', 'staff.json'])
    cpSync(join(DEMO, name), join(hallDir, 'content', name), { recursive: true })
  staffFile = join(hallDir, 'content', 'staff.json')
  hall = await startHall({ dataDir: hallDir, listen: '127.0.0.1:0', demo: false, logger: SILENT })
  parts.defer(() => hall.close())
  dataDir = await temporaryFolder(parts)
  await start(hall.createEnrolmentCode())
  parts.defer(() => stop())
})
afterAll(() => parts.disposeAsync())

describe('the clerk’s page', () => {
  it('of a hall without PINs says so, and lets nobody in; with one it does', async () => {
    const one = browser()
    expect(await one.state()).toMatchObject({ enrolled: true, hasPins: false, desk: null, window: '12' })
    const refused = await one.signIn('S012', PIN)
    expect([refused.status, refused.body.code]).toEqual([403, 'no-pin'])
    hash = setPin('S012', PIN)
    await expect.poll(async () => (await one.state()).hasPins, POLL).toBe(true)
    const { status, headers } = await one.signIn('S012', PIN)
    expect(status).toBe(200)
    const [cookie] = headers.getSetCookie()
    expect(cookie).toMatch(
      /^w24-clerk-\d+=[\w-]{43}; Max-Age=43200; Path=\/window\/; .*HttpOnly; SameSite=Strict$/,
    )
    expect((await screen.until(({ staff }) => staff !== null)).staff).toMatchObject({ staffId: 'S012' })
  })

  it('answers to its own origin alone, and to no token', async () => {
    const one = await signedIn()
    const url = new URL(String(device.windowUrl))
    const action = { type: 'pause', message: null } as const
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: `http://${url.hostname}:${Number(url.port) + 1}` },
      { origin: `https://${url.host}` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const { status, body } = await one.send('POST', 'actions', action, headers)
      expect([status, body.code], JSON.stringify(headers)).toEqual([403, 'origin-not-allowed'])
      expect((await one.send('GET', 'state', undefined, headers)).status).toBe(403)
    }
    const bare = await fetch(`${url.origin}/window/clerk/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: one.cookie },
      body: JSON.stringify(action),
    })
    expect(bare.status).toBe(403)
    const withToken = { cookie: '', authorization: `Bearer ${WINDOW_TOKEN}` }
    expect((await one.send('POST', 'actions', action, withToken)).status).toBe(401)
    const byCookie = await fetch(`${url.origin}/window/v1/evaluations/x`, { headers: { cookie: one.cookie } })
    expect(byCookie.status).toBe(401)
    expect(screen.state().view.name).toBe('rest')
  })

  it('asks with the item that was chosen, or as the service at the window, and tells alike whatever became of it', async () => {
    const one = await signedIn()
    const found = await one.send('GET', 'items?q=sfz')
    const [item] = Object(found.body).items as { itemCode: string; name: string }[]
    expect(item?.name).toContain('身份证')
    const told: string[][] = []
    const ends = [
      { caseNo: 'CLERK1', itemCode: item?.itemCode ?? '', act: 'rate' },
      { caseNo: 'CLERK2', itemCode: item?.itemCode ?? '', act: 'decline' },
    ]
    for (const { caseNo, itemCode, act } of ends) {
      const { states, stop: leave, ended } = await one.follow()
      const asked = await one.act({ type: 'ask', caseNo, itemCode, replace: false })
      expect(asked.body.desk?.question).toMatchObject({ caseNo, itemName: item?.name, state: 'waiting' })
      const { view } = await screen.untilView('asking')
      const { evaluationId } = view
      if (act === 'rate') {
        await screen.act({ type: 'choose-level', evaluationId, level: 'very-dissatisfied' })
        await screen.untilView('labels')
        await screen.act({ type: 'set-labels', evaluationId, labels: ['114'] })
        expect((await one.state()).desk?.question?.state).toBe('waiting')
        await screen.act({ type: 'finish', evaluationId, labels: ['114'], comment: null })
      } else await screen.act({ type: 'not-now', evaluationId })
      await expect.poll(() => states.at(-1)?.desk?.question?.state, POLL).toBe('done')
      leave()
      await ended
      told.push(states.slice(1).map((state) => withoutCase(state)))
    }
    expect(told[0]).toHaveLength(2)
    expect(told[1]).toEqual(told[0])

    const plain = await one.act({ type: 'ask', caseNo: 'CLERK3', itemCode: null, replace: false })
    expect(plain.body.desk?.question?.itemName).toBe('窗口服务')
    const { view } = await screen.untilView('asking')
    expect(view.itemName).toBe('窗口服务')
    const again = await one.act({ type: 'ask', caseNo: 'CLERK1', itemCode: null, replace: true })
    expect([again.status, again.body.code]).toEqual([409, 'already-rated'])
    const busy = await one.act({ type: 'ask', caseNo: 'CLERK4', itemCode: null, replace: false })
    expect([busy.status, busy.body.code]).toEqual([409, 'busy'])
    const cancelled = await one.act({ type: 'cancel', id: view.evaluationId })
    expect(cancelled.body.desk?.question).toMatchObject({ state: 'cancelled', cancelTooLate: false })
    await screen.untilView('rest')
  })

  it('a cancel, a pause and a number that come after the first touch wait, and the page says so', async () => {
    const one = await signedIn()
    await one.act({ type: 'ask', caseNo: 'CLERK5', itemCode: null, replace: false })
    const { evaluationId } = (await screen.untilView('asking')).view
    await screen.act({ type: 'choose-level', evaluationId, level: 'satisfied' })
    await screen.untilView('labels')
    const late = await one.act({ type: 'cancel', id: evaluationId })
    expect(late.body.desk?.question).toMatchObject({ state: 'waiting', cancelTooLate: true })
    const paused = await one.act({ type: 'pause', message: '请到 11 号窗口' })
    expect(paused.body.desk?.service).toEqual({ state: 'paused', message: '请到 11 号窗口', pending: true })
    const serving = await one.act({ type: 'serve', ticketNo: 'A018' })
    expect(serving.body.desk?.serving).toEqual({ ticketNo: 'A018', pending: true })
    expect(screen.state().view.name).toBe('labels')
    await screen.act({ type: 'finish', evaluationId, labels: [], comment: null })
    expect((await screen.untilView('paused')).view.message).toBe('请到 11 号窗口')
    expect((await one.state()).desk).toMatchObject({
      question: { state: 'done' },
      service: { state: 'paused', pending: false },
      serving: { ticketNo: 'A018', pending: false },
    })
    expect((await one.act({ type: 'open' })).body.desk?.service.state).toBe('open')
    await one.act({ type: 'serve', ticketNo: null })
  })

  it('a session ends by signing out, by a sign-in elsewhere, by another PIN and by a restart', async () => {
    const first = await signedIn()
    const { states, ended } = await first.follow()
    const second = await signedIn()
    await ended
    expect(states.map(({ desk }) => desk?.clerk.staffId ?? null)).toEqual(['S012', null])
    const refused = await first.act({ type: 'pause', message: null })
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthorized'])

    expect((await second.send('DELETE', 'session')).body.desk).toBeNull()
    expect((await second.state()).desk).toBeNull()
    await screen.until(({ staff }) => staff === null)

    const third = await signedIn()
    hash += setPin('S012', '590138')
    await expect.poll(async () => (await third.state()).desk, POLL).toBeNull()
    await screen.until(({ staff }) => staff === null)

    const fourth = await signedIn('S012', '590138')
    await stop()
    await start(null)
    const later = browser()
    later.cookie = fourth.cookie.replace(
      /^w24-clerk-\d+/,
      `w24-clerk-${new URL(String(device.windowUrl)).port}`,
    )
    expect((await later.state()).desk).toBeNull()
  })

  it('a wrong PIN is refused alike here and for a system, and then both have to wait', async () => {
    const one = browser()
    const wrong = await one.signIn('S012', '111222')
    expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong-pin'])
    let retryAfter = 0
    const again = async (): Promise<number> => {
      const { status, headers } = await windowRequest(device, 'PUT', '/staff', {
        staffId: 'S012',
        pin: '111222',
      })
      retryAfter = Number(headers.get('retry-after'))
      return status
    }
    // On a machine that is slow a wait may be over before the next try comes: the one after it is twice as long.
    await expect.poll(again, POLL).toBe(429)
    expect(retryAfter).toBeGreaterThanOrEqual(1)
    const right = () => windowRequest(device, 'PUT', '/staff', { staffId: 'S012', pin: '590138' })
    await expect.poll(async () => (await right()).status, POLL).toBe(204)
    const codes: unknown[] = []
    for (const body of [
      { staffId: 'S012', pin: '333444' },
      { staffId: 'S003', pin: '333444' },
      { staffId: 'S999' },
    ])
      codes.push((await bodyOf(await windowRequest(device, 'PUT', '/staff', body))).code)
    expect(codes).toEqual(['wrong-pin', 'no-pin', 'unknown-staff'])
  })

  it('no hash and no PIN has reached a page, an answer, an event or the log', async () => {
    const systems = await (await fetch(`${device.windowUrl}/window/v1/openapi.json`)).text()
    const heard = [...browsers.map((one) => one.heard), JSON.stringify(screen.state()), log, systems].join(
      '\n',
    )
    expect(heard).toContain('S012')
    for (const secret of ['$scrypt', PIN, '590138', '111222', hash.slice(40, 60), hash.slice(-20)]) {
      expect(heard).not.toContain(secret)
    }
  })
})

/** What may differ between two cases taken out. */
const withoutCase = ({ desk, ...rest }: ClerkState): string => {
  const {
    id: _id,
    caseNo: _caseNo,
    askedAt: _askedAt,
    ...question
  } = { id: '', caseNo: '', askedAt: '', ...desk?.question }
  return JSON.stringify({ ...rest, desk: { ...desk, question } })
}
