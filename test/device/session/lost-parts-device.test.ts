/** With the drivers, simulators, hall and store that there are: a part is lost while it is at work for somebody. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Paper, TerminalAction, TerminalState } from '../../../device/http/contract.ts'
import { SESSION_TIMINGS } from '../../../device/session/session.ts'
import { type PeripheralsBench, startPeripheralsBench } from '../../browser/bench/peripherals.ts'
import { startTerminalDevice } from '../../browser/bench/terminal-device.ts'
import { demoCard, deviceJson, startTestHall, temporaryFolder } from '../support/house.ts'
import { openTerminal, type TestScreen } from '../support/screen.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

/** The surnames that were greeted, and one of their cases. */
const THEIRS = ['张', '王', '沈', '欧阳', '古', 'YX2026110007K3']
const ALL = { reader: true, scanner: true, receiptPrinter: true, pagePrinter: true }

/** Whoever looks at the neutral page looks at it for long: what comes meanwhile may take its time. */
const TIMINGS = { ...SESSION_TIMINGS, ending: 60_000 }
/** Of each answer: a card takes three of them and more. */
const THINKING_MS = 300
/** Three of them at once, beside all that else is tested. */
const READY_WITHIN_MS = 45_000
const LATE = { timeout: 10_000 }

interface Bench {
  cable: TcpProxy
  peripherals: PeripheralsBench
  screen: TestScreen<TerminalState>
}
type Plugged = 'idReader' | 'receiptPrinter' | 'pagePrinter'

const parts = new AsyncDisposableStack()
let one: Bench
/** Two others, for what their drivers and their line wait ten seconds for: that passes while the first is at work. */
let unheard: Bench
let unplugged: Bench

const openBench = async (hallUrl: string, enrolmentCode: string): Promise<Bench> => {
  const cable = await startTcpProxy(Number(new URL(hallUrl).port))
  parts.defer(() => cable.close())
  const peripherals = await startPeripheralsBench(ALL, parts)
  const configuration = deviceJson({
    role: 'terminal',
    hallUrl: `http://127.0.0.1:${cable.port}`,
    enrolmentCode,
    peripherals: peripherals.configuration,
  })
  const dataDir = await temporaryFolder(parts)
  const terminal = await startTerminalDevice({
    configuration,
    dataDir,
    sessionTimings: TIMINGS,
    ownProcess: null,
  })
  parts.defer(() => terminal.close())
  const screen = await openTerminal(terminal.screenUrl)
  parts.defer(() => screen.close())
  await screen.until(
    ({ hall, line, peripherals: all }) =>
      hall !== null && line.online && Object.values(all).every(({ state }) => state === 'ready'),
    READY_WITHIN_MS,
  )
  return { cable, peripherals, screen }
}

beforeAll(async () => {
  const hall = await startTestHall(parts)
  const open = () => openBench(hall.url, hall.createEnrolmentCode())
  ;[one, unheard, unplugged] = await Promise.all([open(), open(), open()])
  unheard.cable.silence()
  unheard.peripherals.reader.placeCard(await demoCard('wang'))
  const notice = (await papersOf(unplugged, 'ouyang')).find(({ onReceiptPaper }) => !onReceiptPaper)
  unplugged.peripherals.pagePrinter.setManner('stuck')
  await print(unplugged, notice)
  await unplugged.screen.until(({ view }) => view.name === 'printing' && view.stage === 'sent')
  await unplugged.peripherals.pagePrinter.unplug()
})
afterAll(() => parts.disposeAsync())

/** Whoever is there ends, nothing of them is told any more, and the next one may begin. */
const ends = async ({ peripherals, screen }: Bench): Promise<void> => {
  peripherals.reader.liftCard()
  await screen.act({ type: 'end' })
  const state = await screen.until(({ view }) => view.name === 'ending' && !view.cardOnReader)
  for (const trace of THEIRS) expect(JSON.stringify({ ...state, hall: null })).not.toContain(trace)
  await screen.act({ type: 'wake' })
  await screen.untilView('home')
}
afterEach(() => ends(one))

const papersOf = async ({ peripherals, screen }: Bench, person: string): Promise<Paper[]> => {
  peripherals.reader.placeCard(await demoCard(person))
  const { view } = await screen.untilView('papers')
  return view.cases.flatMap(({ papers }) => papers)
}
const print = ({ screen }: Bench, paper: Paper | undefined): Promise<Response> =>
  screen.act({ type: 'print-paper', paperId: paper?.paperId ?? '', key: `key of ${paper?.paperId}` })
const becomes = ({ screen }: Bench, name: Plugged, state: 'ready' | 'fault') =>
  screen.until(({ peripherals }) => peripherals[name]?.state === state)
const isOnline = ({ screen }: Bench, online: boolean) => screen.until(({ line }) => line.online === online)

it('a receipt that is half out when its printer is lost is told as unknown, and is not begun again', async () => {
  const { peripherals, screen } = one
  const { receiptPrinter } = peripherals
  const [receipt] = (await papersOf(one, 'shen')).filter(({ kind }) => kind === 'receipt')
  const cooled = receiptPrinter.trouble('overheated', { atRow: 100 })
  await print(one, receipt)
  await screen.until(({ view }) => view.name === 'printing' && view.trouble === 'mechanical')
  await receiptPrinter.unplug()
  const { view } = await screen.untilView('printed')
  expect(view).toMatchObject({
    outcome: 'unknown',
    reason: 'line-lost',
    canReportNothing: true,
    again: false,
  })
  cooled()
  await receiptPrinter.plug()
  await becomes(one, 'receiptPrinter', 'ready')
  expect(screen.state().view).toEqual(view)
  // What had reached it comes out of its memory, and nothing was sent anew.
  await expect.poll(() => receiptPrinter.receipts().length, LATE).toBe(1)
  expect(receiptPrinter.cuts()).toBe(1)
})

it('a card that is being asked after when the line is lost is told so at once', async () => {
  const { cable, peripherals, screen } = one
  cable.silence()
  peripherals.reader.placeCard(await demoCard('wang'))
  await screen.untilView('looking-up')
  cable.cut()
  expect((await screen.untilView('dead-end')).view).toMatchObject({ deadEnd: 'line-down' })
  cable.mend()
  await isOnline(one, true)
})

it('a result that is being fetched when the line is lost is told as not printed, and is fetched once it is back', async () => {
  const { cable, peripherals, screen } = one
  const [result] = (await papersOf(one, 'zhang')).filter(({ kind }) => kind === 'result')
  cable.silence()
  await print(one, result)
  await screen.until(({ view }) => view.name === 'print-run' && view.papers[0]?.state === 'fetching')
  cable.cut()
  const over = await screen.until(({ view }) => view.name === 'print-run' && view.state === 'over')
  expect(over.view).toMatchObject({ papers: [{ state: 'failed', problem: 'line-down' }], again: false })
  cable.mend()
  await screen.until(({ view }) => view.name === 'print-run' && view.again)
  await screen.act({ type: 'print-rest' })
  await screen.until(({ view }) => view.name === 'print-run' && view.papers[0]?.state === 'confirmed')
  expect(peripherals.pagePrinter.pages()).toHaveLength(1)
})

it('a report is kept while the line is lost, and goes to the hall once it is back', async () => {
  const { cable, screen } = one
  const saying: TerminalAction[] = [
    { type: 'open-service', service: 'feedback' },
    { type: 'begin-feedback', kind: 'report' },
    { type: 'choose-ground', ground: 'attitude' },
    { type: 'edit-feedback', field: 'said' },
    { type: 'say-feedback', reasons: [], words: '等了一个上午' },
    { type: 'finish-feedback-field' },
  ]
  for (const action of saying) await screen.act(action)
  await screen.untilView('feedback-form')
  cable.silence()
  await screen.act({ type: 'keep-feedback', key: 'report 1' })
  cable.cut()
  await screen.untilView('feedback-kept')
  await screen.until(({ line, view }) => !line.online && view.name === 'feedback-kept' && line.backlog > 0)
  cable.mend()
  await screen.until(({ line }) => line.online && line.backlog === 0)
})

it('a card that is being read when the reader is lost is read once it is back, and a session that lost it ends', async () => {
  const { peripherals, screen } = one
  const { reader } = peripherals
  reader.think(THINKING_MS)
  reader.placeCard(await demoCard('guli'))
  await wait(THINKING_MS)
  await reader.unplug()
  await becomes(one, 'idReader', 'fault')
  expect(screen.state().view.name).toBe('home')
  reader.think(0)
  await reader.plug()
  const { view } = await screen.untilView('papers')
  await reader.unplug()
  const lost = await becomes(one, 'idReader', 'fault')
  expect(lost.view).toEqual(view)
  await screen.act({ type: 'end' })
  await screen.until(({ view: now }) => now.name === 'ending' && !now.cardOnReader)
  await reader.plug()
  // Her card still lies there: she is reminded of it, and nothing of hers is opened.
  await screen.until(({ view: now }) => now.name === 'ending' && now.cardOnReader)
  expect(screen.state().tiles.find(({ service }) => service === 'my-papers')?.unavailable).toBeNull()
})

it('a page that its printer is lost with is told as unknown within moments, and is not begun again', async () => {
  const { peripherals, screen } = unplugged
  const { view } = await screen.untilView('printed')
  expect(view).toMatchObject({
    outcome: 'unknown',
    reason: 'line-lost',
    canReportNothing: true,
    again: false,
  })
  await ends(unplugged)
  peripherals.pagePrinter.setManner('honest')
  await peripherals.pagePrinter.plug()
  await becomes(unplugged, 'pagePrinter', 'ready')
  expect(peripherals.pagePrinter.asked('Print-Job')).toBe(1)
})

it('a hall that says nothing at all is not waited for: whoever put a card down is told', async () => {
  const { screen } = unheard
  expect((await screen.untilView('dead-end')).view).toMatchObject({
    deadEnd: 'line-down',
    service: 'my-papers',
  })
  await ends(unheard)
})
