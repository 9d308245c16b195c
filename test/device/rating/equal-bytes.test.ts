/**
 * What leaves a pad on the clerk's side, byte for byte: the same question is answered with each of the five levels,
 * and nothing on any wire but the screen's own tells which it was.
 */
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Level, PadState } from '../../../device/http/contract.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../../drivers/simulators/keypad.ts'
import { levelNumber } from '../../../sync/protocol/levels.ts'
import { until } from '../../drivers/support.ts'
import { letThanksBeBrief } from '../support/brief-thanks.ts'
import { type Clerk, clerkAt } from '../support/clerk.ts'
import { type Answered, seenOfEach, timeless } from '../support/five-answers.ts'
import { startTestDevice, startTestHall, temporaryFolder } from '../support/house.ts'
import { faceless, jsonOf } from '../support/raw-http.ts'
import { openPad, type TestScreen } from '../support/screen.ts'
import { startWiretap, type Wiretap } from '../support/wiretap.ts'

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
      log: timeless(logged.slice(logBefore)),
      batches: batches.map(({ up, down }) => ({ up: up.byteLength, down: down.byteLength })),
    }
  }

  it.each<[string, Answered]>([
    ['with two labels and words', { by: 'page', labels: 2, words: '等了一会儿', anonymous: false }],
    ['with nothing added', { by: 'page', labels: 0, words: '', anonymous: false }],
    ['without a name', { by: 'page', labels: 1, words: '', anonymous: true }],
    ['by keypad', { by: 'keypad', labels: 0, words: '', anonymous: false }],
  ])('an answer %s is the same on every wire', async (_how, answered) => {
    const seen = await seenOfEach((level) => journey(level, answered))
    // All of it was really listened to: one rating went to the hall, and the window learned that there is one.
    expect(seen.answers).toHaveLength(9)
    expect(seen.events).toContain('"state":"rated"')
    expect(seen.wireOfUnit).not.toBe('')
    expect(seen.batches).toHaveLength(1)
  })
})
