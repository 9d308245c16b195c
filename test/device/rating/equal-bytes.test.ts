/**
 * What leaves a pad on the clerk's side, byte for byte: the same question is answered with each of the five levels,
 * and nothing on any wire but the screen's own tells which it was.
 */
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Level, PadState } from '../../../device/http/contract.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { LEVELS, levelNumber } from '../../../sync/protocol/levels.ts'
import { until } from '../../drivers/support.ts'
import { letThanksBeBrief } from '../support/brief-thanks.ts'
import { type Clerk, clerkAt, faceless, jsonOf } from '../support/clerk.ts'
import { startTestDevice, startTestHall, temporaryFolder } from '../support/house.ts'
import { openPadRoom, type PadRoom, question } from '../support/pad-room.ts'
import { openPad, type TestScreen } from '../support/screen.ts'
import { startWiretap, type Wiretap } from '../support/wiretap.ts'

/** All five in one comparison: each against the first. */
const expectAlike = (seen: readonly unknown[]): void => {
  expect(seen).toHaveLength(LEVELS.length)
  for (const one of seen) expect(one).toEqual(seen[0])
}

interface Answered {
  by: 'page' | 'keypad'
  labels: number
  words: string
  anonymous: boolean
}

describe('a real pad with a keypad, between a real hall and its clerk', () => {
  const parts = new AsyncDisposableStack()
  const logged: string[] = []
  const commands: string[] = []
  let toHall: Wiretap
  let toUnit: Wiretap
  let unit: KeypadSimulator
  let clerk: Clerk
  let screen: TestScreen<PadState>
  let asked = 0

  beforeAll(async () => {
    parts.defer(letThanksBeBrief())
    const hall = await startTestHall(parts)
    toHall = await startWiretap(Number(new URL(hall.url).port))
    parts.defer(() => toHall.close())
    unit = await startKeypadSimulator({
      listen: 'tcp://127.0.0.1:0',
      onCommand: ({ kind }) => commands.push(kind),
    })
    parts.defer(() => unit.close())
    toUnit = await startWiretap(Number(new URL(unit.port).port))
    parts.defer(() => toUnit.close())
    const device = await startTestDevice({
      role: 'pad',
      hallUrl: `http://127.0.0.1:${toHall.port}`,
      enrolmentCode: hall.createEnrolmentCode(),
      peripherals: { keypad: { driver: 'ff68', port: `tcp://127.0.0.1:${toUnit.port}` } },
      dataDir: await temporaryFolder(parts),
      more: { logger: pino({ level: 'trace', base: null }, { write: (line) => void logged.push(line) }) },
    })
    parts.defer(() => device.close())
    screen = await openPad(device.screenUrl)
    parts.defer(() => screen.close())
    clerk = await clerkAt(device.windowUrl ?? '')
    parts.defer(() => clerk.close())
    await screen.until(
      ({ view, hall: known, line, peripherals }) =>
        view.name === 'rest' &&
        known !== null &&
        line.online &&
        line.backlog === 0 &&
        peripherals.keypad?.state === 'ready',
    )
    await commandsOf(1)
  })
  afterAll(() => parts.disposeAsync())

  const commandsOf = (count: number) =>
    until(`the unit was told ${count} things`, () => commands.length >= count)

  /** One question from its asking to the pad's rest, with everything that a clerk can do meanwhile. */
  async function journey(level: Level, { by, labels, words, anonymous }: Answered) {
    asked += 1
    const [told, starts] = [commands.length, unit.starts()]
    for (const wire of [toHall, toUnit]) wire.heard()
    const [logBefore, streamBefore] = [logged.length, clerk.events().length]
    const about = {
      caseNo: `YX20261100${String(asked).padStart(4, '0')}`,
      itemCode: '11330099MB0A00010R3000101010000',
      itemName: '普通护照申领',
      user: { type: '1', name: '林晚舟', idType: '111', idNumber: '330099198803120028', phone: null },
    }
    const answers = [await clerk.ask('POST', '/evaluations', about)]
    const evaluationId = String(jsonOf(answers[0] ?? '').id)
    const also = async (method: string, path: string, body?: object) =>
      void answers.push(await clerk.ask(method, path, body))
    const look = () => also('GET', `/evaluations/${evaluationId}`)

    await screen.until(({ view }) => view.name === 'asking' && view.evaluationId === evaluationId)
    await until('the unit asks', () => unit.starts() > starts)
    await look()
    if (by === 'page') await screen.act({ type: 'choose-level', evaluationId, level })
    else unit.press(5 - levelNumber(level))
    const { view } = await screen.untilView('labels')
    const codes = view.labels.slice(0, labels).map(({ code }) => code)
    await screen.act({ type: 'set-labels', evaluationId, labels: codes })
    await screen.act({ type: 'set-anonymous', evaluationId, anonymous })
    await look()
    await also('DELETE', `/evaluations/${evaluationId}`)
    await also('POST', '/evaluations', { ...about, caseNo: 'YX202611009999' })
    await also('POST', '/evaluations', about)
    await also('PUT', '/serving', { ticketNo: `A${String(asked).padStart(3, '0')}` })
    await screen.act({ type: 'finish', evaluationId, labels: codes, comment: words === '' ? null : words })
    await clerk.hears(`"id":"${evaluationId}","state":"rated"`)
    await look()
    await also('POST', '/evaluations', about)
    await screen.until(({ line, view: { name } }) => name === 'already-rated' && line.backlog === 0)
    await commandsOf(told + (by === 'page' ? 2 : 3))

    const batches = toHall.heard().filter(({ up }) => up.toString('latin1', 0, 64).includes(' /v1/batches '))
    return {
      answers: answers.map((answer) => faceless(answer)),
      events: faceless(clerk.events().slice(streamBefore)).replaceAll(/A\d{3}/g, '<number>'),
      wireOfUnit: Buffer.concat(toUnit.heard().map(({ up }) => up)).toString('hex'),
      log: logged.slice(logBefore).map((line) => ({ ...JSON.parse(line), time: 0 })),
      batches: batches.map(({ up, down }) => ({ up: up.byteLength, down: down.byteLength })),
    }
  }

  it.each<[string, Answered]>([
    ['with two labels and words', { by: 'page', labels: 2, words: '等了一会儿', anonymous: false }],
    ['with nothing added', { by: 'page', labels: 0, words: '', anonymous: false }],
    ['without a name', { by: 'page', labels: 1, words: '', anonymous: true }],
    ['by keypad', { by: 'keypad', labels: 0, words: '', anonymous: false }],
  ])('an answer %s is the same on every wire', async (_how, answered) => {
    const seen = []
    for (const level of LEVELS) seen.push(await journey(level, answered))
    expectAlike(seen)
    // All of it was really listened to: one rating went to the hall, and the window learned that there is one.
    expect(seen[0]?.answers).toHaveLength(9)
    expect(seen[0]?.events).toContain('"state":"rated"')
    expect(seen[0]?.wireOfUnit).not.toBe('')
    expect(seen[0]?.batches).toHaveLength(1)
  })
})

describe('news to the window', () => {
  const parts = new AsyncDisposableStack()
  let room: PadRoom
  beforeAll(async () => {
    room = openPadRoom(await temporaryFolder(parts))
    parts.defer(() => room.close())
  })
  afterEach(() => vi.useRealTimers())
  afterAll(() => parts.disposeAsync())

  /** What a citizen does, and how long after the touch before: milliseconds. */
  type Touch = [afterMs: number, what: 'choose' | 'label' | 'anonymous' | 'finish']
  const PATIENCE_MS = 6 * 60_000

  /** When each page came and each word went to the window, milliseconds after the question. */
  async function moments(level: Level, channel: 'pad' | 'keypad', touches: readonly Touch[], caseNo: string) {
    vi.useFakeTimers({ now: new Date('2026-11-21T10:00:00+08:00') })
    const seen: [number, string][] = []
    const now = () => Date.now() - Date.parse('2026-11-21T10:00:00+08:00')
    let page = ''
    let told = room.news.length
    const look = (): void => {
      const { name } = room.pad.view()
      if (name !== page) seen.push([now(), name])
      page = name
      for (; told < room.news.length; told += 1) {
        const news = room.news[told]
        seen.push([now(), news?.type === 'evaluation' ? news.state : ''])
      }
    }
    room.onPage.mockImplementation(look)
    const answer = room.pad.ask(question(caseNo))
    if (!('id' in answer)) throw new Error(`refused: ${answer.verdict}`)
    const evaluationId = answer.id
    for (const [afterMs, what] of touches) {
      vi.advanceTimersByTime(afterMs)
      const view = room.pad.view()
      const labels = view.name === 'labels' ? view.labels.slice(0, 1).map(({ code }) => code) : []
      if (what === 'choose') await room.pad.act({ type: 'choose-level', evaluationId, level }, channel)
      else if (what === 'label') await room.pad.act({ type: 'set-labels', evaluationId, labels })
      else if (what === 'anonymous')
        await room.pad.act({ type: 'set-anonymous', evaluationId, anonymous: true })
      else await room.pad.act({ type: 'finish', evaluationId, labels, comment: null })
    }
    // One millisecond after the other: what comes is seen at the moment it comes.
    while (room.pad.isAsking() && now() < PATIENCE_MS) vi.advanceTimersToNextTimer()
    look()
    vi.useRealTimers()
    return seen
  }

  it.each<[string, Touch[]]>([
    [
      'finishes at once',
      [
        [4_000, 'choose'],
        [3_000, 'finish'],
      ],
    ],
    [
      'chooses labels',
      [
        [9_000, 'choose'],
        [2_000, 'label'],
        [1_500, 'anonymous'],
        [7_000, 'finish'],
      ],
    ],
    [
      'walks away',
      [
        [2_000, 'choose'],
        [1_000, 'label'],
      ],
    ],
  ])('comes at the same moments after every level, when the citizen %s', async (how, touches) => {
    for (const channel of ['pad', 'keypad'] as const) {
      const seen = []
      for (const level of LEVELS) {
        const caseNo = `${how}${channel}${level}`.replaceAll(/[^a-z]/g, '')
        seen.push(await moments(level, channel, touches, caseNo))
      }
      expectAlike(seen)
      expect(seen[0]?.at(-1)?.[1]).toMatch(/rated|rest/)
    }
  })
})
