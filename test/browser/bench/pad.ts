import type { PadState } from '../../../device/http/contract.ts'
import { startTestDevice, temporaryFolder, windowRequest } from '../../device/support/house.ts'
import * as device from '../../device/support/screen.ts'
import { padScreen } from '../chromium.ts'
import { demoCase, type HallBench, hallAndLine, type LineBench, lineOf } from './hall.ts'
import { openTouchScreen, type TouchScreen } from './screen.ts'

export interface PadOptions {
  /** One that others share; its own otherwise. */
  hall?: HallBench
}

export interface PadBench extends TouchScreen {
  hall: HallBench
  line: LineBench
  /** What the device says of itself, to wait for. */
  device: device.TestScreen<PadState>
  /** What the window's system sends (PROTOCOLS.md §2). */
  window(method: string, path: string, body?: object): Promise<Response>
  /** Asks for the rating of a case of the demonstration hall and waits for the page; gives the evaluation's id. */
  ask(index: number): Promise<string>
  /** As the window may see it. */
  evaluation(id: string): Promise<string>
  /** Waits until thanks are over. */
  atRest(): Promise<void>
}

export async function openPad(options: PadOptions = {}): Promise<PadBench> {
  await using starting = new AsyncDisposableStack()
  const { hall, wire } = await hallAndLine(options.hall, starting)
  const pad = await startTestDevice({
    role: 'pad',
    hallUrl: wire.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(starting),
  })
  starting.defer(() => pad.close())
  const told = await device.openPad(pad.screenUrl)
  starting.defer(() => told.close())
  const [screen] = await Promise.all([
    openTouchScreen(pad.screenUrl, padScreen),
    told.until(({ view, hall, line }) => view.name === 'rest' && hall !== null && line.online),
  ])
  starting.defer(() => screen.close())
  const window = (method: string, path: string, body?: object): Promise<Response> =>
    windowRequest(pad, method, path, body)
  const parts = starting.move()
  return {
    ...screen,
    hall,
    line: lineOf(wire, told),
    device: told,
    window,
    async ask(index) {
      const { caseNo, itemCode, itemName } = demoCase(index)
      const answer = await window('POST', '/evaluations', { caseNo, itemCode, itemName })
      if (answer.status !== 201) throw new Error(`the pad answered ${answer.status}: ${await answer.text()}`)
      await told.untilView('asking')
      return String((await device.bodyOf(answer)).id)
    },
    async evaluation(id) {
      return String((await device.bodyOf(await window('GET', `/evaluations/${id}`))).state)
    },
    async atRest() {
      await told.untilView('rest')
    },
    close: () => parts.disposeAsync(),
  }
}
